"""What every command stands on: a running server, the actor of the log, and the shape of its output."""

from __future__ import annotations

import csv
import json
import logging
import os
import pwd
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import wraps
from typing import Any, TypeVar

import click
import tabulate
from django.conf import settings
from django.db import OperationalError, ProgrammingError, connections
from psycopg.errors import InsufficientPrivilege, UndefinedColumn, UndefinedTable

from config.version import expected_public
from devdb import EnvironmentNotReady, Server
from fleet.preparing import is_prepared, prepare_embedded
from shared.classifiers.refreshing import refresh_if_migrated
from shared.kernel.rules import RuleViolation
from shared.tenancy.gate import HeldByBreak

BEHIND = (UndefinedTable, UndefinedColumn, InsufficientPrivilege)
F = TypeVar("F", bound=Callable[..., Any])


def actor() -> str:
    """Who the log names for what a command does: the account of the process, whatever its environment says."""
    number = os.getuid()
    try:
        return f"console:{pwd.getpwuid(number).pw_name}"
    except KeyError:  # a container's number without a name
        return f"console:{number}"


@contextmanager
def database() -> Iterator[None]:
    """A server to talk to: the embedded one started if need be, an external one reachable.

    Raises: EnvironmentNotReady.
    """
    if settings.IS_DEVELOPMENT:
        with Server(settings.DATA_DIR).lease() as place:
            superuser = place.dsn(user="postgres", dbname="postgres")
            if not is_prepared(superuser):
                prepare_embedded(superuser)
            try:
                yield
            finally:
                connections.close_all()
        return
    logging.getLogger("psycopg.pool").setLevel(logging.ERROR)  # the refusal below says it once
    try:
        connections["default"].ensure_connection()
    except OperationalError as error:
        raise EnvironmentNotReady(
            f"Сервер базы данных по DATABASE_URL не отвечает: {str(error).splitlines()[0]}. Проверьте адрес и пароль."
        ) from error
    yield


def _is_migrated() -> bool:
    """Whether the public schema has every migration of this code."""
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "select has_table_privilege('django_migrations', 'select') "
            "where to_regclass('django_migrations') is not null"
        )
        if cursor.fetchone() != (True,):
            return False
        cursor.execute("select app, name from django_migrations")
        return expected_public() <= set(cursor.fetchall())


def with_database(function: F) -> F:
    """The command runs with a database; refusals become one sentence and exit code 1, wrong questions 2.

    What a maintenance break holds is an environment that is not ready: 3.
    """

    @wraps(function)
    def command(*args: Any, **kwargs: Any) -> Any:
        with database():
            refresh_if_migrated()
            try:
                return function(*args, **kwargs)
            except HeldByBreak as held:
                raise EnvironmentNotReady(str(held)) from held
            except RuleViolation as violation:
                click.echo(str(violation), err=True)
                sys.exit(2 if violation.is_wrong_usage else 1)
            except OSError as error:
                if error.filename is None:
                    raise
                click.echo(f"С файлом {error.filename} не получилось: {error.strerror}. Укажите другой путь.", err=True)
                sys.exit(2)
            except ProgrammingError as error:
                if (
                    not isinstance(error.__cause__, UndefinedTable | UndefinedColumn | InsufficientPrivilege)
                    or _is_migrated()
                ):
                    raise
                raise EnvironmentNotReady("База отстаёт от этой версии программы: выполните asuso migrate.") from error

    return command  # type: ignore[return-value]


def needs_owner() -> None:
    """Raises: EnvironmentNotReady where the login of DDL and roles is not known."""
    if "owner" not in connections.settings:
        raise EnvironmentNotReady(
            "Этой команде нужен DATABASE_OWNER_URL: логин, которому можно создавать схемы и роли."
        )


def output_format(function: F) -> F:
    """Adds ``--format table|json|csv``; default table on a terminal, json when piped."""
    option = click.option(
        "--format",
        "form",
        type=click.Choice(["table", "json", "csv"]),
        default=lambda: "table" if sys.stdout.isatty() else "json",
        help="Вид вывода; по умолчанию таблица на терминале и json в канале.",
    )
    return option(function)


def print_rows(rows: Sequence[Mapping[str, Any]], form: str, *, document: Mapping[str, Any] | None = None) -> None:
    """Rows in the asked form; ``document`` is the JSON to print instead of ``{"rows": […]}``."""
    if form == "json":
        click.echo(
            json.dumps(document if document is not None else {"rows": list(rows)}, ensure_ascii=False, default=str)
        )
    elif form == "csv":
        writer = csv.DictWriter(sys.stdout, fieldnames=list(rows[0]) if rows else [])
        writer.writeheader()
        writer.writerows(rows)
    else:
        click.echo(tabulate.tabulate(rows, headers="keys"))


def progress(line: str) -> None:
    """A line of progress; results go to stdout, progress to stderr."""
    click.echo(line, err=True)
