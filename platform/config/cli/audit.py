"""``asuso audit``: the action log."""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import Any

import click

from config.cli.context import needs_owner, output_format, print_rows, progress, with_database
from shared.audit.logs import all_logs, has_log
from shared.audit.sealing import BrokenChain, seal
from shared.audit.verifying import Verified
from shared.audit.verifying import verify as verify_log


@click.group()
def audit() -> None:
    """Журнал действий."""


@audit.command()
@click.option("--organization", "slug", help="Только эта организация.")
@output_format
@with_database
def verify(slug: str | None, form: str) -> None:
    """Пересчитать цепочки журнала; код 1 и первая нарушенная запись, если журнал изменяли."""
    needs_owner()
    logs = list(all_logs(slug))
    if not logs:
        raise click.UsageError(f"Организации «{slug}» нет среди подключённых.")
    rows = []
    for log in filter(has_log, logs):
        with suppress(BrokenChain):  # what is wrong with it is said below
            seal(log)
        rows.append(_row(verify_log(log)))
    broken = [row for row in rows if row["breach"]]
    progress(f"Проверено журналов: {len(rows)}, с нарушениями: {len(broken)}.")
    for row in broken:
        found = ", ".join(str(row[name]) for name in ("at", "action", "object") if row[name])
        progress(f"{row['log']}: {row['breach']}, № {row['number'] or 'не присвоен'}{f' ({found})' if found else ''}.")
    print_rows(rows, form)
    sys.exit(1 if broken else 0)


def _row(found: Verified) -> dict[str, Any]:
    breach = found.breach
    return {
        "log": found.log.slug or "public",
        "records": found.records,
        "last_seal": found.last_seal,
        "breach": breach.what if breach else "",
        "number": (breach.number or None) if breach else None,
        "at": breach.at if breach else "",
        "action": breach.action if breach else "",
        "object": breach.object if breach else "",
    }


COMMANDS = [audit]
