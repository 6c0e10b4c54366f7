"""Command line ``asuso``. Exit codes: 0 done, 1 some refused, 2 wrong usage, 3 environment not ready. INTERFACES 3."""

from __future__ import annotations

import os
import sys

import click

from devdb import EnvironmentNotReady


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """АСУ СО: управление установкой."""


def main() -> None:
    """Entry point: settings, commands, exit codes."""
    try:
        _set_up_django()
        from config.cli import commands  # the commands import models, so Django comes first

        commands.register(cli)
        cli(standalone_mode=True)
    except EnvironmentNotReady as error:
        click.echo(str(error), err=True)
        sys.exit(3)


def _set_up_django() -> None:
    from config.environment import environment

    chosen = "config.settings.dev" if environment().is_embedded else "config.settings.prod"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", chosen)
    import django

    django.setup()
