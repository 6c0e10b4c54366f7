"""Stock commands that must not touch organizations: they take seconds each and know nothing of roles."""

from __future__ import annotations

import sys
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError
from django.db.migrations.autodetector import MigrationAutodetector

HINT = "Эта команда отключена: она не знает ролей и обходит организации по одной. Выполните asuso migrate."


class RefusedCommand(BaseCommand):
    """Says what to run instead, whatever its arguments are. Source: ARCHITECTURE 4."""

    help = HINT
    autodetector = MigrationAutodetector  # a system check compares it with that of makemigrations
    requires_system_checks: list[str] = []  # type: ignore[assignment]

    def run_from_argv(self, argv: list[str]) -> NoReturn:
        self.stderr.write(HINT)
        sys.exit(2)

    def handle(self, *args: Any, **options: Any) -> NoReturn:
        raise CommandError(HINT, returncode=2)
