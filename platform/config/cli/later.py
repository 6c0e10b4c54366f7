"""Commands of the contract that this release does not have yet: they say so and exit with 2."""

from __future__ import annotations

import sys

import click


def _later(group: click.Group, name: str, about: str) -> None:
    @group.command(name, context_settings={"ignore_unknown_options": True, "allow_extra_args": True}, help=about)
    def command() -> None:
        click.echo(f"Команда «{group.name} {name}» появится в следующем выпуске.", err=True)
        sys.exit(2)


fleet = click.Group("fleet", help="Парк организаций.")
audit = click.Group("audit", help="Журнал действий.")
_later(fleet, "status", "Версия, размер, копии, последняя работа.")
_later(fleet, "backup", "Резервная копия.")
_later(fleet, "restore", "Восстановление из копии.")
_later(audit, "verify", "Проверка цепочек журнала.")

COMMANDS = [fleet, audit]
