"""What the product imports is what an installation without the tools of development has."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions

from tests.architecture.files import PACKAGES, ROOT, product_files

OURS = {*PACKAGES, "config", "fleet", "devdb"}


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", re.split(r"[\[<>=; ]", name)[0]).lower()


def _imported() -> dict[str, str]:
    """Top-level packages of other people, each with a file that imports it."""
    found = {}
    for path in product_files(".py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and not node.level and node.module:
                names = [node.module]
            for name in names:
                found[name.split(".")[0]] = path.relative_to(ROOT).as_posix()
    return {name: path for name, path in found.items() if name not in OURS and name not in sys.stdlib_module_names}


def test_every_imported_package_is_a_dependency_of_the_product():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    declared = {_plain(name) for name in [*project["dependencies"], *project["optional-dependencies"]["demo"]]}
    # Come with celery[redis], django-storages[s3], pydantic-settings.
    declared |= {"kombu", "redis", "botocore", "pydantic"}
    homes = packages_distributions()
    missing = {
        name: path
        for name, path in _imported().items()
        if declared.isdisjoint(_plain(one) for one in homes.get(name, []))
    }
    assert missing == {}
