"""Running the product as people do: ``asuso`` in processes of its own, on a data directory of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
ASUSO = [sys.executable, "-m", "config"]


def environment(data_dir: Path) -> dict[str, str]:
    """The environment of an ordinary user with this data directory."""
    ours = ("DJANGO_", "ASUSO_", "PYTEST_", "DATABASE_", "BROKER_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    # Everything comes from one address, and a browser that is driven is quicker than a person.
    return kept | {"DATA_DIR": str(data_dir), "THROTTLE_SCALE": "100"}


def asuso(data_dir: Path, *arguments: str) -> str:
    """Run a command to its end; returns what it printed."""
    done = subprocess.run(
        [*ASUSO, *arguments], cwd=ROOT, env=environment(data_dir), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"asuso {' '.join(arguments)} → {done.returncode}\n{done.stdout}{done.stderr}"
    return done.stdout


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(condition: Callable[[], bool], *, seconds: float = 30, what: str = "") -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"waited {seconds} s for {what or condition}"
        time.sleep(0.05)


@dataclass
class Running:
    """An ``asuso serve`` process."""

    data_dir: Path
    port: int
    process: subprocess.Popen[bytes]

    @classmethod
    def start(cls, data_dir: Path, *options: str) -> Running:
        """Returns when the server answers."""
        port = free_port()
        command = [*ASUSO, "serve", "--port", str(port), *options]
        log = (data_dir / "serve.log").open("ab")
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment(data_dir), stdout=log, stderr=log, start_new_session=True
        )
        running = cls(data_dir, port, process)
        wait_until(running.is_live, what=f"asuso serve, see {log.name}")
        return running

    def is_live(self) -> bool:
        assert self.process.poll() is None, (self.data_dir / "serve.log").read_text()
        try:
            return self.status("localhost", "/healthz") == 200
        except OSError:
            return False

    def status(self, host: str, path: str) -> int:
        """The answer to a GET with this Host, redirects followed."""
        address = f"http://127.0.0.1:{self.port}{path}"
        try:
            with urllib.request.urlopen(urllib.request.Request(address, headers={"Host": host}), timeout=10) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as refusal:
            return refusal.code

    def url(self, name: str, path: str = "/") -> str:
        """Address for a browser: ``name`` is a slug, a named host, or empty for the entrance."""
        return f"http://{f'{name}.' if name else ''}localhost:{self.port}{path}"

    def stop(self, how: int = signal.SIGINT) -> int:
        """Ask it to end and wait; returns its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        return self.process.wait(30)


def processes_of(data_dir: Path) -> list[int]:
    """Living processes of ours with this data directory in their environment."""
    wanted = f"DATA_DIR={data_dir}".encode()
    found = []
    for folder in Path("/proc").iterdir():
        if not folder.name.isdecimal() or int(folder.name) == os.getpid():
            continue
        try:
            state = (folder / "stat").read_text().rpartition(")")[2].split()[0]
            if state != "Z" and wanted in (folder / "environ").read_bytes().split(b"\0"):
                found.append(int(folder.name))
        except OSError:
            continue
    return found
