"""``asuso serve`` and ``asuso worker``: the processes of an installation."""

from __future__ import annotations

import socket
import sys

import click

from config import webserver, worker
from config.cli.context import progress, with_database
from devdb import EnvironmentNotReady

port_option = click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="Порт.")


@click.command()
@port_option
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="Процессов.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Адрес, на котором слушать.")
@click.option("--no-worker", is_flag=True, help="Не держать рядом исполнителя задач.")
@with_database
def serve(port: int, workers: int, host: str, no_worker: bool) -> None:
    """Веб-сервер всех узлов; держит одного исполнителя задач, если его нет."""
    start_server(port=port, workers=workers, host=host, with_worker=not no_worker)


def start_server(*, port: int, workers: int = 2, host: str = "127.0.0.1", with_worker: bool = True) -> None:
    """Check the port, collect static files, serve until a signal. Raises: EnvironmentNotReady."""
    ensure_free(host, port)
    if webserver.collect_static():
        progress("Статические файлы собраны.")
    webserver.serve(
        host=host,
        port=port,
        workers=workers,
        with_worker=with_worker,
        ready=lambda: progress(f"Сервер отвечает на {host}:{port}. Остановить: Ctrl-C."),
    )


def ensure_free(host: str, port: int) -> None:
    """Raises: EnvironmentNotReady when somebody listens there already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as problem:
            raise EnvironmentNotReady(
                f"Порт {port} на {host} занят или недоступен: остановите то, что его занимает, или укажите --port."
            ) from problem


@click.command(name="worker")
@click.option("--parent", type=int, hidden=True, help="Завершиться вместе с этим процессом.")
@with_database
def run_worker(parent: int | None) -> None:
    """Исполнитель задач: очередь, отложенные задачи, передача в реестр."""
    worker.run(parent=parent)
    sys.exit(0)


COMMANDS = [serve, run_worker]
