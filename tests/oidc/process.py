"""Runs ``provider.mjs``: packages are installed once into a folder of the temporary directory, by the lock file."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from tests.running import free_port, wait_until

HERE = Path(__file__).parent
NODE_MISSING = "Не найдены node и npm: выполните make setup-oidc."


def installed() -> Path:
    """The folder with the packages of the lock file."""
    if not shutil.which("node") or not shutil.which("npm"):
        pytest.fail(NODE_MISSING)
    lock = (HERE / "package-lock.json").read_bytes()
    owner = os.getuid()
    folder = Path(tempfile.gettempdir()) / f"asuso-oidc-{owner}-{hashlib.sha256(lock).hexdigest()[:12]}"
    folder.mkdir(mode=0o700, exist_ok=True)
    with (folder / "lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # workers of the tests install it once
        for name in ("package.json", "package-lock.json", "provider.mjs"):
            shutil.copy(HERE / name, folder / name)
        if not (folder / "done").exists():
            command = ["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"]
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
            if done.returncode:
                pytest.fail(f"npm ci не установил oidc-provider: {done.stderr.strip().splitlines()[-1:]}")
            (folder / "done").touch()
    return folder


@contextmanager
def running(redirect_uri: str) -> Iterator[str]:
    """The issuer's address while the process lives."""
    port = free_port()
    issuer = f"http://127.0.0.1:{port}"
    command = ["node", "provider.mjs", str(port), redirect_uri]
    process = subprocess.Popen(command, cwd=installed(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def answers() -> bool:
        assert process.poll() is None, "the provider ended"
        try:
            return requests.get(f"{issuer}/.well-known/openid-configuration", timeout=1).ok
        except requests.RequestException:
            return False

    try:
        wait_until(answers, what="oidc-provider")
        yield issuer
    finally:
        process.terminate()
        process.wait(10)
