"""``asuso database``: the embedded server, and preparing an external one."""

from __future__ import annotations

import os
import subprocess
import sys

import click
from django.conf import settings

from config.cli.context import output_format, print_rows
from devdb import EnvironmentNotReady, Server
from fleet import preparing


@click.group()
def database() -> None:
    """Встроенный сервер базы данных и подготовка внешнего."""


def _server() -> Server:
    if not settings.IS_DEVELOPMENT:
        raise EnvironmentNotReady("Задан DATABASE_URL: встроенный сервер не используется. Уберите переменную.")
    return Server(settings.DATA_DIR)


@database.command()
def start() -> None:
    """Запустить и держать до stop."""
    place = _server().start()
    superuser = place.dsn(user="postgres", dbname="postgres")
    if not preparing.is_prepared(superuser):
        preparing.prepare_embedded(superuser)
    click.echo(f"Сервер работает: {place.socket_dir}, порт {place.port}.")


@database.command()
def stop() -> None:
    """Остановить."""
    _server().stop()
    click.echo("Сервер остановлен.")


@database.command()
@output_format
def status(form: str) -> None:
    """Состояние сервера."""
    facts = _server().status()
    print_rows([facts], form, document=facts)
    sys.exit(0 if facts["running"] else 1)


@database.command()
def psql() -> None:
    """Открыть psql суперпользователем."""
    server = _server()
    with server.lease():
        command = server.psql_command(user="postgres", dbname=settings.DATABASES["default"]["NAME"])
        sys.exit(subprocess.run(command, check=False).returncode)


@database.command()
@click.option("--print", "only_print", is_flag=True, help="Только напечатать, что выполнить.")
def prepare(only_print: bool) -> None:
    """Разовая подготовка базы суперпользователем (DATABASE_SUPERUSER_URL) или печать команд."""
    if only_print:
        for line in preparing.printed():
            click.echo(line)
        return
    if settings.IS_DEVELOPMENT:
        with _server().lease() as place:
            preparing.prepare_embedded(place.dsn(user="postgres", dbname="postgres"))
        return
    address = os.environ.get("DATABASE_SUPERUSER_URL")
    if not address:
        raise EnvironmentNotReady("Задайте DATABASE_SUPERUSER_URL или выполните вывод команды с ключом --print.")
    preparing.prepare(address)
    click.echo("База подготовлена.")


COMMANDS = [database]
