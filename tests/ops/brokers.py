"""Brokers of the distribution that can be killed and started again with what they had kept."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from kombu import Connection
from kombu.exceptions import OperationalError

from tests.ops.conftest import program
from tests.running import free_port, wait_until

RABBITMQ = Path("/usr/lib/rabbitmq/bin")
MESSAGE_OPTIONS = {"confirm_publish": True}


@dataclass
class Broker:
    """A process of a broker on a folder of its own; ``kill`` leaves it no time for anything."""

    url: str
    command: list[str]
    environment: dict[str, str]
    folder: Path
    process: subprocess.Popen[bytes] | None = field(default=None)

    def start(self) -> None:
        with (self.folder / "broker.log").open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                env={**os.environ, **self.environment},
                cwd=self.folder,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        wait_until(self.answers, seconds=60, what=f"{self.command[0]}, see {self.folder}/broker.log")

    def answers(self) -> bool:
        try:
            with Connection(self.url, connect_timeout=2) as connection:
                connection.ensure_connection(max_retries=1, timeout=2)
        except (OSError, OperationalError):
            return self._is_gone()
        return True

    def _is_gone(self) -> bool:
        """Fails with what the broker said when it does not even run; else False: it does not answer yet."""
        if self.process is None or self.process.poll() is not None:
            pytest.fail((self.folder / "broker.log").read_text()[-2000:])
        return False

    def kill(self) -> None:
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(20)


@contextmanager
def redis(folder: Path) -> Iterator[Broker]:
    """Redis that writes every change to disk, as the chart and the README have it."""
    port = free_port()
    options = [
        "--port",
        str(port),
        "--dir",
        str(folder),
        "--save",
        "",
        "--appendonly",
        "yes",
        "--appendfsync",
        "always",
    ]
    with _running(Broker(f"redis://127.0.0.1:{port}/0", [program("redis-server"), *options], {}, folder)) as broker:
        yield broker


@contextmanager
def rabbitmq(folder: Path) -> Iterator[Broker]:
    """RabbitMQ of the current user: the distribution's wrapper would give it to another one and to common folders."""
    program("rabbitmq-server")
    port, names = free_port(), free_port()
    (folder / "plugins").write_text("[].\n")
    environment = {
        "HOME": str(folder),
        "ERL_EPMD_PORT": str(names),
        "ERL_EPMD_ADDRESS": "127.0.0.1",
        "RABBITMQ_NODENAME": f"asuso{port}@localhost",
        "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
        "RABBITMQ_NODE_PORT": str(port),
        "RABBITMQ_DIST_PORT": str(free_port()),
        "RABBITMQ_MNESIA_BASE": str(folder / "data"),
        "RABBITMQ_LOGS": "-",
        "RABBITMQ_CONF_ENV_FILE": os.devnull,
        "RABBITMQ_CONFIG_FILE": str(folder / "none"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
        "RABBITMQ_PID_FILE": str(folder / "pid"),
    }
    broker = Broker(f"amqp://guest:guest@127.0.0.1:{port}//", [str(RABBITMQ / "rabbitmq-server")], environment, folder)
    # Its daemon of names is ours too: one that RabbitMQ starts itself would outlive it.
    directory = subprocess.Popen([program("epmd"), "-port", str(names), "-address", "127.0.0.1"], cwd=folder)
    try:
        with _running(broker):
            yield broker
    finally:
        directory.terminate()
        directory.wait(10)


@contextmanager
def _running(broker: Broker) -> Iterator[Broker]:
    try:
        broker.start()
        yield broker
    finally:
        broker.kill()
