"""The files of the project, as the repository tracks them."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("platform", "shared", "tenants", "municipality", "region", "api")


@cache
def project_files() -> tuple[Path, ...]:
    """Tracked files and those about to be; build and data folders are ignored by ``.gitignore``."""
    command = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return tuple(sorted({ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()}))


def product_files(*suffixes: str) -> list[Path]:
    """Files of the product itself, without tests, deployment and documents."""
    return [path for path in project_files() if _name(path).split("/")[0] in PACKAGES and path.suffix in suffixes]


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()
