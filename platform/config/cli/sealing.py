"""``asuso organizations seal``: a sealed archive that is verified without the system. Source: R-338."""

from __future__ import annotations

import datetime
from pathlib import Path

import click
from django.utils import timezone

from config.cli.context import actor, output_format, print_rows, progress, with_database
from config.cli.organizations import organizations
from fleet.errors import OrganizationUnknown
from shared.archive.parts import Span
from shared.organizations.models import Organization
from shared.tenancy import scopes
from tenants.archive.sealing import copy_to, seal_organization


@organizations.command()
@click.argument("slug")
@click.option("--to", "folder", required=True, type=click.Path(file_okay=False, path_type=Path), help="Куда положить.")
@click.option("--year", type=click.IntRange(1990, 2100), help="Учебный год по его 1 сентября.")
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="Состояние на день; без срока — всё время.")
@click.option("--special", is_flag=True, help="С особыми сведениями и закрытыми карточками; нужно --reason.")
@click.option("--reason", default="", help="Основание: запрос организации, приказ.")
@output_format
@with_database
def seal(
    slug: str,
    folder: Path,
    year: int | None,
    day: datetime.datetime | None,
    special: bool,
    reason: str,
    form: str,
) -> None:
    """Запечатанный архив: таблицы, книги, сканы, опись с подписью и акт; проверяется без системы."""
    if year is not None and day is not None:
        raise click.UsageError("Укажите что-то одно: --year или --day.")
    if special and not reason:
        raise click.UsageError("Для --special напишите основание: --reason.")
    made = seal_organization(
        _organization(slug), span=_span(year, day), with_special=special, reason=reason[:300], by=actor(), say=progress
    )
    package = made.package
    line = {
        "number": package.number,
        "slug": slug,
        "period": str(package.span),
        "file": str(copy_to(made, folder)),
        "bytes": package.bytes,
        "rows": package.rows,
        "sha256": package.sha256,
        "digest": package.digest,
        "fingerprint": package.fingerprint,
    }
    print_rows([line], form, document=line)


def _span(year: int | None, day: datetime.datetime | None) -> Span | None:
    if day is not None:
        return Span.of_day(day.date())
    return Span.of_year(year, timezone.localdate()) if year is not None else None


def _organization(slug: str) -> Organization:
    """Raises: OrganizationUnknown."""
    with scopes.enter(scopes.of_operator().by(actor()).reading()):
        found = Organization.objects.exclude(status=Organization.Status.ARCHIVED).filter(slug=slug).first()
    if found is None:
        raise OrganizationUnknown(slug=slug)
    return found


COMMANDS = [organizations]  # the group with this command among its own
