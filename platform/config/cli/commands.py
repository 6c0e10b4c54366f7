"""The commands of ``asuso``, one module a noun."""

import click

from config.cli import (
    audit,
    contingent,
    database,
    demo,
    fleet,
    forms,
    generation,
    maintenance,
    migrate,
    organizations,
    registry,
    running,
    sealing,
    users,
)


def register(cli: click.Group) -> None:
    """Hang every command on the root group."""
    for module in (
        audit,
        contingent,
        database,
        demo,
        fleet,
        forms,
        generation,
        maintenance,
        migrate,
        organizations,
        registry,
        running,
        sealing,
        users,
    ):
        for command in module.COMMANDS:
            cli.add_command(command)
