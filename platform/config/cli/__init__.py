"""Command line ``asuso``. Exit codes: 0 done, 1 some refused, 2 wrong usage, 3 environment not ready. INTERFACES 3."""

from __future__ import annotations

import os
import signal
import sys
from types import FrameType

import click

from config.environment import settings_module
from devdb import EnvironmentNotReady


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """АСУ СО: управление установкой."""


def main() -> None:
    """Entry point: settings, commands, exit codes."""
    signal.signal(signal.SIGTERM, _leave)  # so that leases are given back and the server stops
    try:
        _set_up_django()
        from config.cli import commands  # the commands import models, so Django comes first

        commands.register(cli)
        cli(standalone_mode=True)
    except EnvironmentNotReady as error:
        click.echo(str(error), err=True)
        sys.exit(3)


def _leave(number: int, frame: FrameType | None) -> None:
    sys.exit(128 + number)


def _set_up_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", settings_module())
    import django

    django.setup()
