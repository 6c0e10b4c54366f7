"""``asuso demo`` and ``asuso reset``: the demonstration, and the way back to nothing."""

from __future__ import annotations

import shutil
import signal
import sys
from dataclasses import asdict
from pathlib import Path

import click
import tabulate
from django.conf import settings

from config.cli.context import progress, with_database
from config.cli.running import ensure_free, port_option, start_server
from config.demo.filling import fill
from config.demo.people import accesses
from config.demo.state import DemoState
from devdb import EnvironmentNotReady, Server
from shared.tenancy import scopes

LEARNERS = 15_000
INTERRUPTED = 130
DATA_FOLDERS = ("broker", "cache", "demo", "files", "static")


@click.command()
@port_option
@click.option("--learners", type=click.IntRange(500, 200_000), help=f"Обучающихся; без указания {LEARNERS}.")
@with_database
def demo(port: int, learners: int | None) -> None:
    """Демонстрация: организации Краснодарского края, вымышленные люди, веб-сервер и исполнитель задач."""
    _only_embedded()
    ensure_free("127.0.0.1", port)
    state = DemoState.read(Path(settings.DATA_DIR))
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # either way the database is stopped on the way out
    try:
        fill(state, learners=learners or state.learners or LEARNERS, say=progress)
    except KeyboardInterrupt:
        progress("Остановлено. Повторите команду: заполнение продолжится с этого места.")
        sys.exit(INTERRUPTED)
    click.echo(_table(state, port))
    start_server(port=port)


def _table(state: DemoState, port: int) -> str:
    with scopes.enter(scopes.of_accounts().reading()):
        lines = accesses(state)
    rows = [asdict(line) | {"host": f"http://{line.host}:{port}/"} for line in lines]
    heads = {"place": "Рабочее место", "host": "Адрес", "login": "Логин", "password": "Пароль", "secret": "Секрет TOTP"}
    base = settings.BASE_DOMAIN
    credentials = state.folder / "organizations.csv.credentials.csv"
    return "\n".join(
        [
            tabulate.tabulate(rows, headers=heads),
            "",
            f"Все организации: http://{base}:{port}/, каталог для граждан: http://services.{base}:{port}/",
            f"Первые администраторы организаций, одноразовые пароли: {credentials}",
        ]
    )


@click.command()
@click.option("--yes", is_flag=True, help="Не спрашивать.")
def reset(yes: bool) -> None:
    """Удалить базу и файлы демонстрации."""
    _only_embedded()
    folder = Path(settings.DATA_DIR)
    if not yes:
        click.confirm(f"Удалить базу и файлы в {folder} без возможности вернуть?", abort=True)
    Server(folder).destroy()
    for name in DATA_FOLDERS:
        shutil.rmtree(folder / name, ignore_errors=True)
    click.echo("Данные демонстрации удалены. Начать заново: make demo.")


def _only_embedded() -> None:
    if not settings.IS_DEVELOPMENT:
        raise EnvironmentNotReady("Задан DATABASE_URL: демонстрация работает только со встроенной базой. Уберите его.")


COMMANDS = [demo, reset]
