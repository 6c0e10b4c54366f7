"""``asuso fleet``: the state of the fleet, backups, ways back from them, drills. Source: INTERFACES 3."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click
from django.conf import settings

from config.cli.context import actor, needs_owner, output_format, print_rows, progress, with_database
from devdb import EnvironmentNotReady
from fleet.backups.comparing import offer_copy
from fleet.backups.copies import forget_copy
from fleet.backups.drill import drill as carry_out_drill
from fleet.backups.models import Backup
from fleet.backups.reading import open_package
from fleet.backups.restoring import restore_beside, restore_over
from fleet.backups.status import fleet_status
from fleet.backups.writing import back_up, back_up_all
from fleet.drift import differences_of, drifted
from fleet.errors import OrganizationArchived, OrganizationUnknown
from fleet.provisioning import TemplateMissing
from shared.organizations.models import Organization

KINDS = {
    "live": "«{slug}» возвращена к состоянию копии",
    "copy": "копия открыта по адресу {host}; доступ в неё даёт asuso users create --organization {slug}",
    "new": "создана новая организация {host}",
}


@click.group()
def fleet() -> None:
    """Парк организаций: состояние, копии, восстановление."""


@fleet.command()
@output_format
@with_database
def status(form: str) -> None:
    """Версия схемы, размер, последняя копия, последняя работа."""
    needs_owner()
    rows = [
        {
            "slug": line.slug,
            "status": "copy" if line.copied_at else line.status,
            "version": "current" if line.is_current else "behind",
            "fingerprint": line.fingerprint,
            "bytes": line.bytes,
            "last_backup": line.backup_at.isoformat(timespec="seconds") if line.backup_at else None,
            "backup_bytes": line.backup_bytes,
            "faults": line.faults,
            "last_activity": line.active_at.isoformat(timespec="seconds") if line.active_at else None,
        }
        for line in fleet_status()
    ]
    print_rows(rows, form)


@fleet.command()
@click.argument("slug", required=False)
@output_format
@with_database
def drift(slug: str | None, form: str) -> None:
    """Чьи таблицы не такие, как в их версии; с адресом — чем именно. Нашлись — код 1."""
    needs_owner()
    if slug is None:
        rows = [{"slug": one} for one in drifted()]
    else:
        extra, missing = differences_of(slug)
        rows = [{"slug": slug, "difference": f"+ {line}"} for line in extra]
        rows += [{"slug": slug, "difference": f"- {line}"} for line in missing]
    print_rows(rows, form)
    sys.exit(1 if rows else 0)


@fleet.command()
@click.option("--organization", "slug", help="Только эта организация.")
@click.option("--to", "folder", type=click.Path(file_okay=False, path_type=Path), required=True, help="Куда положить.")
@output_format
@with_database
def backup(slug: str | None, folder: Path, form: str) -> None:
    """Копия каждой организации одним файлом; неудавшаяся не останавливает остальных."""
    needs_owner()
    if slug is None:
        records = list(back_up_all(folder, by=actor(), progress=progress))
    else:
        records = [back_up(_working(slug), folder, by=actor())]
    failed = [record.slug for record in records if record.outcome != Backup.Outcome.DONE]
    if failed:
        progress(f"Не удались копии: {', '.join(failed)}. Причины — в выводе; повторите команду для них.")
    print_rows([_line(record, folder) for record in records], form)
    sys.exit(1 if failed else 0)


@fleet.command()
@click.argument("slug")
@click.option("--from", "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=True)
@click.option("--as", "beside", metavar="NEWSLUG", help="Рядом с живой: копия со своим адресом.")
@click.option("--live", "is_live", is_flag=True, help="Вместе с --as: не копия, а новая организация.")
@click.option("--confirm", metavar="SLUG", help="Повторите адрес, чтобы заменить живую организацию.")
@click.option("--dry-run", is_flag=True, help="Только проверить файл и адрес.")
@output_format
@with_database
def restore(
    slug: str, file: Path, beside: str | None, is_live: bool, confirm: str | None, dry_run: bool, form: str
) -> None:
    """Вернуть организацию из файла копии: на место живой, рядом с ней или новой."""
    needs_owner()
    if is_live and not beside:
        raise click.UsageError("--live говорят вместе с --as: новой организации нужен свой адрес.")
    progress("Проверка файла")
    with open_package(file) as package:
        progress(f"Файл цел: {package.manifest.slug}, данные на {package.manifest.taken_at}. Восстановление")
        try:
            if beside:
                done = restore_beside(package, beside, of=slug, is_live=is_live, by=actor(), dry_run=dry_run)
            else:
                done = restore_over(package, slug, confirm=confirm, by=actor(), dry_run=dry_run)
        except TemplateMissing as error:
            raise EnvironmentNotReady(str(error)) from error
        host = f"{done.slug}.{settings.BASE_DOMAIN}"
        line = {
            "slug": done.slug,
            "host": host,
            "kind": done.kind,
            "dry_run": dry_run,
            "taken_at": package.manifest.taken_at,
            "rows": package.manifest.rows,
            "files": len(package.manifest.files),
            "missing_files": len(package.manifest.missing),
            "seconds": round(done.seconds, 3),
        }
    if not dry_run:
        progress(f"Готово: {KINDS[done.kind].format(slug=done.slug, host=host)}.")
    print_rows([line], form, document=line)


@fleet.command()
@click.option("--organization", "slug", help="Именно эта организация; без неё — случайная.")
@output_format
@with_database
def drill(slug: str | None, form: str) -> None:
    """Учение: копия, восстановление в стороне, сверка; делается и само каждую ночь."""
    needs_owner()
    record = carry_out_drill(slug, by=actor())
    line = _line(record, None) | {"restore_seconds": record.restore_seconds}
    print_rows([line], form, document=line)
    sys.exit(0 if record.outcome == Backup.Outcome.DONE else 1)


@fleet.command()
@click.argument("slug")
@with_database
def forget(slug: str) -> None:
    """Убрать копию, сделанную restore --as; живую организацию так не убрать."""
    needs_owner()
    copy = forget_copy(slug, by=actor())
    click.echo(f"Копия «{copy.short_name}» ({slug}) убрана.")


@fleet.command()
@click.argument("slug")
@output_format
@with_database
def offer(slug: str, form: str) -> None:
    """Предложить копию её организации: сравнить и открыть её людям возврат записей. Снова — сравнить ещё раз."""
    needs_owner()
    offered = offer_copy(slug, by=actor())
    line = {
        "organization": offered.organization.slug,
        "copy": slug,
        "taken_at": offered.taken_at.isoformat(timespec="seconds"),
        "state": offered.state,
        "seconds": offered.seconds,
        "failure": offered.failure,
    }
    print_rows([line], form, document=line)
    sys.exit(0 if offered.is_ready else 1)


def _working(slug: str) -> Organization:
    """Raises: OrganizationUnknown, OrganizationArchived."""
    found = Organization.objects.using("owner").select_related("founder").filter(slug=slug).first()
    if found is None:
        raise OrganizationUnknown(slug=slug)
    if found.status == Organization.Status.ARCHIVED:
        raise OrganizationArchived(name=found.short_name)
    return found


def _line(record: Backup, folder: Path | None) -> dict[str, Any]:
    return {
        "slug": record.slug,
        "file": str(folder / record.file) if folder and record.file else record.file,
        "taken_at": record.taken_at.isoformat(timespec="seconds"),
        "bytes": record.bytes,
        "sha256": record.sha256,
        "seconds": record.seconds,
        "outcome": record.outcome,
        "detail": record.detail,
    }


COMMANDS = [fleet]
