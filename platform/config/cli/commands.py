"""The commands of ``asuso``, one module a noun."""

import click

from config.cli import database, later, migrate, registry, running


def register(cli: click.Group) -> None:
    """Hang every command on the root group."""
    for module in (database, migrate, running, later):
        for command in module.COMMANDS:
            cli.add_command(command)
