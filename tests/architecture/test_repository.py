"""What must hold of the repository itself."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.utils import translation

from tests.architecture.files import ROOT, product_files, project_files

LONGEST = 400
WRITTEN = {".py", ".html", ".css", ".js", ".md", ".toml", ".yaml", ".yml", ".sh", ".cfg", ".ini", ".typ", ".tpl", ""}
# Django renders these by their names.
BY_DJANGO = {"400.html", "403.html", "403_csrf.html", "404.html", "500.html", "503.html"}
NOT_OURS = re.compile(
    "|".join(
        [
            r"/work/(?:main|shared)",
            r"/root/",
            r"/home/[a-z]",
            r"files\.python" r"hosted\.org",
            r"pypi\.(?:org|python)",
            r"registry\.(?:npmjs|yarnpkg)",
            r"(?:extra-)?index-" r"url",
        ]
    )
)


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_platform_is_a_folder_and_not_a_package():
    assert not (ROOT / "platform" / "__init__.py").exists()
    import platform

    assert platform.system()  # Python's own


def test_every_change_of_a_model_has_its_migration():
    loader = MigrationLoader(None, ignore_no_migrations=True)
    with translation.override(None):  # as ``makemigrations`` does: names in English stand in Django's own migrations
        detector = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps))
        changes = detector.changes(graph=loader.graph)
    assert {label: [str(migration.operations) for migration in found] for label, found in changes.items()} == {}


def test_every_template_is_used():
    sources = {path: path.read_text() for path in product_files(".py", ".html")}
    unused = []
    for path in product_files(".html", ".txt", ".typ"):
        if "templates" not in path.parts:
            continue
        name = relative(path).split("/templates/", 1)[1]
        # A form's kit may name a template by its last part: "components/button.html" in ui/components/button.html.
        is_named = any(f'"{name}"' in text or f"'{name}'" in text for other, text in sources.items() if other != path)
        if not is_named and name not in BY_DJANGO and path.suffix != ".typ":
            unused.append(relative(path))
    assert unused == []


def test_import_contracts_are_kept():
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()", "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_file_outgrows_a_reader():
    long = {}
    for path in project_files():
        if path.suffix in {".py", ".html", ".css", ".js", ".sh"} and path.name != "0001_initial.py":
            lines = path.read_bytes().count(b"\n")
            if lines > LONGEST and "vendor" not in path.parts:
                long[relative(path)] = lines
    assert long == {}


def test_nothing_of_this_machine_or_of_a_registry_stands_in_the_files():
    found = []
    for path in project_files():
        if path.suffix not in WRITTEN or "vendor" in path.parts or path == Path(__file__):
            continue
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
            if NOT_OURS.search(line):
                found.append(f"{relative(path)}:{number}: {line.strip()[:80]}")
    assert found == []


@pytest.mark.parametrize("word", ["TO" + "DO", "FIX" + "ME", "XX" + "X:"])
def test_nothing_is_left_for_later(word):
    assert [relative(path) for path in project_files() if path.suffix == ".py" and word in path.read_text()] == []
