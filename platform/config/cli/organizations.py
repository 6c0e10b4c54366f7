"""``asuso organizations``: connecting from a file, the list, suspending. Source: INTERFACES 3, 4."""

from __future__ import annotations

import datetime
import sys
from pathlib import Path
from typing import Any

import click
from django.conf import settings

from config.cli.context import actor, needs_owner, output_format, print_rows, progress, with_database
from devdb import EnvironmentNotReady
from fleet import addresses, lifecycle, subordination
from fleet.archive import approve_archive, archives_folder, ask_for_archive
from fleet.onboarding import services
from fleet.onboarding.preview import Preview
from fleet.onboarding.rows import OrganizationRow, Outcome
from fleet.onboarding.services import RunReport
from fleet.provisioning import TemplateMissing
from shared.access.approvals.services import Signer
from shared.imports.tables import read_table
from shared.organizations.models import Organization, Subordination
from shared.tenancy import scopes

DAY = click.DateTime(["%Y-%m-%d", "%d.%m.%Y"])
MOVES = {
    "done": "Смена с {day:%d.%m.%Y} выполнена; реестр и доступ органов управления обновлены.",
    "planned": "Смена запланирована с {day:%d.%m.%Y}: в этот день её выполнит worker.",
    "undone": "Смена с {day:%d.%m.%Y} отменена.",
}
WORDS = {Outcome.NEW: "новая", Outcome.KNOWN: "уже подключена", Outcome.REFUSED: "отклонена"}


@click.group()
def organizations() -> None:
    """Подключённые организации."""


@organizations.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--output", type=click.Path(file_okay=False, path_type=Path), help="Куда положить логины и отказы.")
@click.option("--dry-run", is_flag=True, help="Только проверить, ничего не записывая.")
@output_format
@with_database
def import_file(file: Path, output: Path | None, dry_run: bool, form: str) -> None:
    """Подключить организации из файла; прерванное продолжается повторным запуском."""
    needs_owner()
    preview = services.check(read_table(file), using="owner")
    for note in preview.notes:
        progress(note)
    report = None if dry_run else _run(preview, file, output or file.parent)
    rows = [_line(row, report) for row in preview.rows]
    print_rows(rows, form, document=_document(preview, report))
    sys.exit(1 if preview.with_outcome(Outcome.REFUSED) else 0)


def _run(preview: Preview, file: Path, output: Path) -> RunReport:
    def say(report: RunReport, row: OrganizationRow) -> None:
        progress(f"{report.done} из {report.rows}: {row.slug or row.values['short_name']} — {_word(row, report)}")

    try:
        report = services.run(preview, source_name=file.name, output_dir=output, progress=say)
    except TemplateMissing as error:
        raise EnvironmentNotReady(str(error)) from error
    if report.credentials:
        progress(f"Логины и одноразовые пароли: {report.credentials}")
    if report.rejected:
        progress(f"Отклонённые строки с причинами: {report.rejected}")
    return report


def _word(row: OrganizationRow, report: RunReport | None) -> str:
    return "подключена" if report and row.outcome == Outcome.NEW else WORDS[row.outcome]


def _line(row: OrganizationRow, report: RunReport | None) -> dict[str, Any]:
    notes = row.errors or row.warnings
    return {
        "row": row.number,
        "slug": row.slug,
        "short_name": row.values["short_name"],
        "outcome": _word(row, report),
        "notes": " ".join(note.text for note in notes),
    }


def _document(preview: Preview, report: RunReport | None) -> dict[str, Any]:
    """Numbers and sentences; ``connected`` of a dry run is what would be connected."""
    counts = preview.counts
    return {
        "rows": counts["rows"],
        "connected": len(report.connected) if report else counts["new"],
        "already": len(report.already) if report else counts["known"],
        "refused": counts["refused"],
        "dry_run": report is None,
        "organizations": [
            {"row": row.number, "slug": row.slug, "host": f"{row.slug}.{settings.BASE_DOMAIN}", "outcome": row.outcome}
            for row in preview.rows
            if row.outcome != Outcome.REFUSED
        ],
        "refusals": [
            {"row": row.number, "field": error.field, "reason": error.text}
            for row in preview.rows
            for error in row.errors
        ],
        "warnings": [
            {"row": row.number, "field": warning.field, "message": warning.text}
            for row in preview.rows
            for warning in row.warnings
        ],
        "notes": preview.notes,
        "credentials": str(report.credentials) if report and report.credentials else None,
        "rejected": str(report.rejected) if report and report.rejected else None,
    }


@organizations.command("list")
@output_format
@with_database
def list_organizations(form: str) -> None:
    """Подключённые организации."""
    with scopes.enter(scopes.of_operator().by(actor()).reading()):
        rows = [
            {
                "slug": found.slug,
                "host": f"{found.slug}.{settings.BASE_DOMAIN}",
                "short_name": found.short_name,
                "type": found.org_type,
                "region": found.region_id,
                "oktmo": found.municipality_id or "",
                "status": found.status,
                "connected_at": found.connected_at.isoformat(timespec="seconds"),
            }
            for found in Organization.objects.order_by("slug")
        ]
    print_rows(rows, form)


@organizations.command()
@click.argument("slug")
@with_database
def suspend(slug: str) -> None:
    """Приостановить: адрес отвечает 503 с объяснением, данные целы."""
    with scopes.enter(scopes.of_operator().by(actor())):
        organization = lifecycle.suspend(slug)
    click.echo(f"«{organization.short_name}» приостановлена. Вернуть: asuso organizations resume {slug}")


@organizations.command()
@click.argument("slug")
@with_database
def resume(slug: str) -> None:
    """Возобновить работу."""
    with scopes.enter(scopes.of_operator().by(actor())):
        organization = lifecycle.resume(slug)
    click.echo(f"«{organization.short_name}» снова работает.")


@organizations.command()
@click.argument("slug")
@click.argument("new")
@output_format
@with_database
def rename(slug: str, new: str, form: str) -> None:
    """Сменить адрес: новый работает сразу, прежний перенаправляет, пока его не освободят в консоли."""
    with scopes.enter(scopes.of_operator().by(actor(), "", actor())):
        organization = addresses.rename(slug, new)
    former = addresses.host_of(slug)
    addresses.leave_hosts(organization.pk, [former])
    line = {"slug": new, "host": addresses.host_of(new), "former": former}
    progress(f"«{organization.short_name}» работает на {line['host']}. Сотрудники войдут заново.")
    print_rows([line], form, document=line)


@organizations.command()
@click.argument("slug")
@click.option("--oktmo", help="ОКТМО нового муниципалитета; regional — региональное подчинение.")
@click.option("--founder", help="Код нового учредителя.")
@click.option("--from", "valid_from", type=DAY, required=True, help="С какой даты; будущую выполнит worker.")
@click.option("--ground", default="", help="Основание: акт, его номер и дата.")
@click.option("--undo", is_flag=True, help="Отменить запланированную на эту дату смену.")
@output_format
@with_database
def move(
    slug: str,
    oktmo: str | None,
    founder: str | None,
    valid_from: datetime.datetime,
    ground: str,
    undo: bool,
    form: str,
) -> None:
    """Сменить муниципалитет или учредителя с даты; прошлые дни остаются за прежним."""
    needs_owner()
    if undo == bool(oktmo or founder):
        raise click.UsageError("Укажите --oktmo или --founder, а для отмены — одно --undo.")
    change = subordination.Change(valid_from.date(), oktmo, founder, ground)
    with scopes.enter(scopes.of_operator().by(actor(), "", actor())):
        planned = (
            subordination.undo_plan(slug, on=change.valid_from)
            if undo
            else subordination.plan(slug, change, by=actor())
        )
    if not undo:
        subordination.carry_out(planned.pk)
    done = Subordination.objects.using("owner").in_force().filter(pk=planned.pk).exists()
    state = "undone" if undo else "done" if done else "planned"
    line = {
        "slug": slug,
        "from": planned.valid_from.isoformat(),
        "oktmo": planned.municipality_id or "",
        "founder": planned.founder.code if planned.founder else "",
        "state": state,
    }
    progress(MOVES[state].format(day=planned.valid_from))
    print_rows([line], form, document=line)


@organizations.command()
@click.argument("slug")
@click.option("--approve", "number", type=int, help="Номер запроса: подтвердить его как второй человек и удалить.")
@click.option("--reason", default="Запрос из командной строки", show_default=True, help="Зачем.")
@output_format
@with_database
def archive(slug: str, number: int | None, reason: str, form: str) -> None:
    """Архив: снимок данных с контрольной суммой и запрос; удаляет второй человек, здесь или в консоли оператора."""
    needs_owner()
    by = Signer(actor(), actor())
    if number is None:
        asked = ask_for_archive(slug, by=by, reason=reason)
        progress(f"Организация приостановлена, снимок готов. Подтвердить: другой человек, запрос № {asked.number}.")
        line = {
            "request": asked.number,
            "slug": slug,
            "dump": str(archives_folder() / asked.arguments["file"]),
            "sha256": asked.arguments["sha256"],
            "expires_at": asked.expires_at.isoformat(timespec="seconds"),
        }
    else:
        done = approve_archive(slug, number, by=by, reason=reason)
        line = {"request": done.number, "slug": slug, "status": "archived", "dump": done.arguments["file"]}
    print_rows([line], form, document=line)


COMMANDS = [organizations]
