"""Files of a few rows, brought into the school of the test by the product's own services."""

from __future__ import annotations

import datetime

from shared.imports.tables import Table, read_table
from tenants.intake import fields as f
from tenants.intake import services
from tenants.intake.models import ImportRun
from tests.tenants.intake.conftest import SMALLEST, TODAY

CONSENT = "20.08.2026"
NAMES = ("Пётр", "Иван", "Олег", "Егор", "Марк", "Глеб", "Лев", "Яков")


def learner(**changes: str | None) -> dict[str, str]:
    """A row with consent; keys of ``changes`` are names of ``fields`` in lower case."""
    cells = {**SMALLEST, f.CONSENT_ON: CONSENT}
    for name, value in changes.items():
        header = getattr(f, name.upper())
        cells[header] = value or ""
    return cells


def table_of(*rows: dict[str, str]) -> Table:
    lines = [";".join(f.HEADERS), *(";".join(row.get(header, "") for header in f.HEADERS) for row in rows)]
    return read_table("\n".join(lines).encode(), "контингент.csv")


def stage(
    *rows: dict[str, str], org_type: str = "school", year: int | None = None, today: datetime.date = TODAY
) -> ImportRun:
    return services.stage(
        table_of(*rows),
        file_name="контингент.csv",
        checksum="0" * 64,
        org_type=org_type,
        year=year,
        today=today,
        made_by="Секретарь",
    )


def bring(
    *rows: dict[str, str],
    update: bool = False,
    all_or_nothing: bool = False,
    org_type: str = "school",
    year: int | None = None,
    today: datetime.date = TODAY,
) -> ImportRun:
    """Stage and apply."""
    run = stage(*rows, org_type=org_type, year=year, today=today)
    return services.apply(run, update=update, all_or_nothing=all_or_nothing, made_by="Секретарь")


def counts(run: ImportRun) -> dict[str, int]:
    """The counts of the import that are not zero, without the number of rows."""
    names = ("accepted", "drafts", "already", "different", "refused")
    return {name: run.summary[name] for name in names if run.summary[name]}
