"""``asuso migrate``: this code's version everywhere."""

from __future__ import annotations

import sys

import click

from config.cli.context import actor, needs_owner, progress, with_database
from fleet.migration import migrate_all


@click.command()
@click.option("--jobs", type=click.IntRange(1, 8), default=1, help="Одновременных соединений.")
@with_database
def migrate(jobs: int) -> None:
    """Общая схема, шаблон и все организации; прерванное продолжается повторным запуском."""
    needs_owner()
    report = migrate_all(progress=progress, jobs=jobs, by=actor())
    for slug, reason in report.failed.items():
        click.echo(f"{slug}: не обновлена — {reason}. Повторите asuso migrate, когда причина устранена.", err=True)
    click.echo(
        f"Версия {report.fingerprint[:12]}: обновлено {len(report.upgraded)}, "
        f"уже на ней {report.current}, не удалось {len(report.failed)}."
    )
    sys.exit(1 if report.failed else 0)


COMMANDS = [migrate]
