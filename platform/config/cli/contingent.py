"""``asuso contingent``: learners of an organization from a file, and back. Source: INTERFACES 3, 5."""

from __future__ import annotations

import gc
import hashlib
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from django.db import transaction
from django.utils import timezone

from config.cli.context import actor, output_format, print_rows, progress, with_database
from devdb import EnvironmentNotReady
from shared.imports.rejected import RejectedRow, rejected_path, write_rejected
from shared.imports.tables import read_table
from shared.organizations.models import Organization
from shared.tenancy import scopes
from tenants.handup.projector import RegistryBehind, settle
from tenants.intake import services
from tenants.intake.models import ImportRun

ORGANIZATION = click.option("--organization", "slug", required=True, help="Адрес организации.")
SUMMARY = ("rows", "accepted", "drafts", "already", "different", "refused", "warnings")  # Source: INTERFACES 3


@click.group()
def contingent() -> None:
    """Контингент: загрузка из файла и её отмена."""


@contingent.command("import")
@ORGANIZATION
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--year", type=click.IntRange(2000, 2100), help="Учебный год классов, по году его 1 сентября.")
@click.option("--update", is_flag=True, help="Применить отличия у тех, кто уже числится.")
@click.option("--all-or-nothing", is_flag=True, help="Не записывать ничего, если отклонена хотя бы одна строка.")
@click.option("--dry-run", is_flag=True, help="Только проверить, ничего не записывая.")
@output_format
@with_database
def import_file(
    slug: str, file: Path, year: int | None, update: bool, all_or_nothing: bool, dry_run: bool, form: str
) -> None:
    """Загрузить файл контингента; отклонённые строки — рядом, в FILE.rejected.csv."""
    organization = _organization(slug)
    table = read_table(file)
    progress(f"Прочитано строк: {len(table.rows)}.")
    source = services.Source(
        table=table,
        file_name=file.name,
        checksum=hashlib.sha256(file.read_bytes()).hexdigest(),
        org_type=organization.org_type,
        year=year,
        today=timezone.localdate(),
    )
    with _without_garbage_collection(), scopes.enter(scopes.of_organization(organization.schema_name).by(actor())):
        run = services.bring_in(source, update=update, all_or_nothing=all_or_nothing, made_by=actor())
        refused = services.reject_rows(run)
        if dry_run:
            transaction.set_rollback(True)
    if not dry_run:
        _write_rejected(file, table.headers, refused)
        _settle(organization)
    _print(run, form, dry_run=dry_run)
    sys.exit(1 if refused else 0)


@contingent.command()
@ORGANIZATION
@click.argument("import_id", type=click.UUID)
@output_format
@with_database
def undo(slug: str, import_id: uuid.UUID, form: str) -> None:
    """Отменить загрузку или узнать, какие более поздние действия этому мешают."""
    organization = _organization(slug)
    with scopes.enter(scopes.of_organization(organization.schema_name).by(actor())):
        run = ImportRun.objects.filter(pk=import_id).first()
        if run is None:
            raise click.UsageError(f"В организации «{slug}» нет загрузки {import_id}.")
        run = services.undo(run, made_by=actor())
    _settle(organization)
    document = {"import_id": str(run.pk), "undone": True, "file": run.file_name}
    print_rows([document], form, document=document)


@contextmanager
def _without_garbage_collection() -> Iterator[None]:
    """Many objects are made and none dropped: looking for garbage among them would be a third of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _organization(slug: str) -> Organization:
    with scopes.enter(scopes.of_projector().reading()):
        found = Organization.objects.exclude(status=Organization.Status.ARCHIVED).filter(slug=slug).first()
    if found is None:
        raise click.UsageError(f"Организации «{slug}» нет среди подключённых. Список: asuso organizations list.")
    return found


def _settle(organization: Organization) -> None:
    try:
        settle(organization)
    except RegistryBehind as error:
        raise EnvironmentNotReady(
            "Данные записаны, но реестр ещё не догнал их: его держит другой процесс. "
            f"Проверьте позже: asuso registry verify --organization {organization.slug}."
        ) from error


def _write_rejected(file: Path, headers: list[str], refused: list[RejectedRow]) -> None:
    path = rejected_path(file)
    if write_rejected(path, headers, refused):
        progress(f"Отклонённые строки с причинами: {path}")


def _print(run: ImportRun, form: str, *, dry_run: bool) -> None:
    """The JSON of the contract and no other key; on a terminal its counts as a table and its warnings as lines."""
    summary = {name: run.summary[name] for name in SUMMARY}
    document: dict[str, Any] = {"import_id": None if dry_run else str(run.pk), **summary}
    counts = {name: value for name, value in document.items() if name != "warnings"}
    if form == "table":
        for warning in run.summary["warnings"]:
            progress(warning)
    if run.refusal:
        progress(run.refusal)
    print_rows([counts], form, document=document)


COMMANDS = [contingent]
