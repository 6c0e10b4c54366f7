"""Commands of the contract that this release does not have yet: they say so and exit with 2."""

from __future__ import annotations

import sys

import click


def comes_later(group: click.Group, name: str, about: str) -> None:
    """Give a group a command that says it is not here yet."""

    @group.command(name, context_settings={"ignore_unknown_options": True, "allow_extra_args": True}, help=about)
    def command() -> None:
        click.echo(f"Команда «{group.name} {name}» появится в следующем выпуске.", err=True)
        sys.exit(2)


fleet = click.Group("fleet", help="Парк организаций.")
comes_later(fleet, "status", "Версия, размер, копии, последняя работа.")
comes_later(fleet, "backup", "Резервная копия.")
comes_later(fleet, "restore", "Восстановление из копии.")

COMMANDS = [fleet]
