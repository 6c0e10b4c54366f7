"""``asuso registry``: counting and verifying."""

from __future__ import annotations

import datetime
import sys

import click
from django.conf import settings

from config.cli.context import output_format, print_rows, progress, with_database
from shared.contingent.counts import count as count_registry
from shared.contingent.counts import parse_territory, parse_where
from shared.organizations.models import Organization
from shared.tenancy import scopes
from tenants.handup.projector import reconcile

DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.group()
def registry() -> None:
    """Единый реестр контингента."""


@registry.command()
@click.option("--as-of", type=DAY, required=True, help="День, на который считать.")
@click.option("--by", default="", help="Разрезы через запятую.")
@click.option("--where", multiple=True, help="РАЗРЕЗ=ЗНАЧЕНИЕ[,ЗНАЧЕНИЕ…]; можно повторять.")
@click.option("--age-on", type=DAY, help="День, на который считать возраст.")
@click.option("--scope", help="region[:КОД], municipality:ОКТМО, organization:АДРЕС, founder:КОД.")
@output_format
@with_database
def count(
    as_of: datetime.datetime,
    by: str,
    where: tuple[str, ...],
    age_on: datetime.datetime | None,
    scope: str | None,
    form: str,
) -> None:
    """Сколько мест и человек на день, по разрезам."""
    with scopes.enter(scopes.of_projector().reading()):
        counted = count_registry(
            as_of=as_of.date(),
            by=[name.strip() for name in by.split(",") if name.strip()],
            where=parse_where(where),
            age_on=age_on.date() if age_on else None,
            territory=parse_territory(scope, default_region=settings.REGION),
        )
    document = counted.document()
    print_rows(document["rows"] or [document["total"]], form, document=document)


@registry.command()
@click.option("--organization", "slug", help="Только эта организация.")
@click.option("--repair", is_flag=True, help="Привести реестр в соответствие.")
@output_format
@with_database
def verify(slug: str | None, repair: bool, form: str) -> None:
    """Сверить реестр с таблицами организаций; код 1, если есть расхождения."""
    with scopes.enter(scopes.of_projector().reading()):
        organizations = list(Organization.objects.exclude(status="archived").order_by("slug"))
    chosen = [organization for organization in organizations if slug in (None, organization.slug)]
    if not chosen:
        raise click.UsageError(f"Организации «{slug}» нет среди подключённых.")
    rows = []
    for organization in chosen:
        found = reconcile(organization, repair=repair)
        if found:
            rows.append({"organization": organization.slug, "missing": found.missing, "extra": found.extra})
    progress(f"Сверено организаций: {len(chosen)}, с расхождениями: {len(rows)}.")
    print_rows(rows, form)
    sys.exit(1 if rows else 0)


COMMANDS = [registry]
