"""``asuso forms``: federal statistical forms computed from the registry. Source: INTERFACES 3, 7."""

from __future__ import annotations

import datetime
from pathlib import Path

import click
from django.conf import settings
from django.utils import timezone

from config.cli.context import actor, output_format, print_rows, progress, with_database
from shared.contingent.counts import Territory, parse_territory
from shared.documents.imprint import Imprint
from shared.statforms.addresses import code_of
from shared.statforms.catalog import FormLayout
from shared.statforms.compute import ComputedForm
from shared.statforms.files import CONTENT_TYPES, form_file
from shared.statforms.models import FormEdition
from shared.statforms.output import as_json
from shared.statforms.registry_facts import RegistryFacts
from shared.statforms.services import compute_form, stored_form
from shared.tenancy import scopes

DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.group()
def forms() -> None:
    """Формы федерального статистического наблюдения."""


@forms.command("list")
@output_format
@with_database
def list_forms(form: str) -> None:
    """Формы каталога и их редакции."""
    with scopes.enter(scopes.of_projector().reading()):
        rows = list(FormEdition.objects.values("code", "edition", "title"))
    print_rows(rows, form)


@forms.command()
@click.argument("code")
@click.option("--as-of", type=DAY, required=True, help="Отчётная дата.")
@click.option("--scope", required=True, help="region[:КОД], municipality:ОКТМО, organization:АДРЕС, founder:КОД.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Файл .json, .xlsx, .pdf или .xml.")
@output_format
@with_database
def compute(code: str, as_of: datetime.datetime, scope: str, output: Path | None, form: str) -> None:
    """Посчитать форму по реестру на дату."""
    extension = output.suffix.lower().lstrip(".") if output else ""
    if output and extension not in CONTENT_TYPES:
        raise click.BadParameter("имя файла должно кончаться на .json, .xlsx, .pdf или .xml.", param_hint="--output")
    with scopes.enter(scopes.of_projector().reading()):
        known = FormEdition.objects.values_list("code", flat=True)
        layout, _bindings = stored_form(code_of(code, known) or code)
        territory = parse_territory(scope, default_region=settings.REGION)
        source = RegistryFacts(as_of=as_of.date(), territory=territory)
        computed = compute_form(code=layout.code, source=source, as_of=as_of.date(), scope_label=territory.label)
    if output is None:
        _print(computed, form)
        return
    output.write_bytes(form_file(extension, layout, computed, imprint=_imprint(layout, territory)))
    progress(f"Форма {layout.code} записана в файл {output}, замечаний: {len(computed.findings)}.")


def _print(computed: ComputedForm, form: str) -> None:
    document = as_json(computed)
    print_rows(document["cells"], form, document=document)
    for finding in computed.findings if form == "table" else ():
        progress(finding.message)


def _imprint(layout: FormLayout, territory: Territory) -> Imprint:
    return Imprint(
        organization=territory.label,
        title=f"Форма № {layout.code}",
        made_at=timezone.localtime(),
        executor=actor(),
        filters=f"Охват: {territory.label}",
    )


COMMANDS = [forms]
