"""Which tests prove which requirement: the page ``tests/REQUIREMENTS.md`` is made of the marks ``proves`` in the tests.

``python -m tests.architecture.requirements`` writes it; a test fails when it is stale. The rows are those of
TRACEABILITY (``requirements.csv``).
"""

from __future__ import annotations

import ast
import csv
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

TESTS = Path(__file__).parents[1]
PAGE = TESTS / "REQUIREMENTS.md"
HEAD = """# Requirements and the tests that prove them

Made by `python -m tests.architecture.requirements` from the marks `proves` in the tests; not edited by hand.
A row without a test is not proven yet.

"""


@dataclass(frozen=True)
class Requirement:
    """A row of TRACEABILITY."""

    id: str
    source: str
    requirement: str
    actor: str
    module: str


def requirements() -> list[Requirement]:
    with (Path(__file__).parent / "requirements.csv").open(encoding="utf-8", newline="") as file:
        return [Requirement(**row) for row in csv.DictReader(file)]


def proofs() -> dict[str, list[str]]:
    """Tests by the rows they say they prove."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted(TESTS.rglob("test_*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        of_module = list(_module_marks(tree))
        for function in ast.walk(tree):
            if not isinstance(function, ast.FunctionDef) or not function.name.startswith("test_"):
                continue
            own = [row for mark in function.decorator_list for row in _rows(mark)]
            for row in dict.fromkeys([*own, *of_module]):
                found[row].append(f"{path.relative_to(TESTS).as_posix()}::{function.name}")
    return dict(found)


def _module_marks(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        if isinstance(node, ast.Assign) and any(getattr(one, "id", "") == "pytestmark" for one in node.targets):
            marks = node.value.elts if isinstance(node.value, ast.List | ast.Tuple) else [node.value]
            for mark in marks:
                yield from _rows(mark)


def _rows(mark: ast.expr) -> list[str]:
    """Rows of a mark, also of one that a single case of a parametrized test carries."""
    calls = [
        node for node in ast.walk(mark) if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "proves"
    ]
    return [str(argument.value) for call in calls for argument in call.args if isinstance(argument, ast.Constant)]


def page() -> str:
    """The whole page, module by module."""
    proven = proofs()
    known = requirements()
    done = sum(one.id in proven for one in known)
    lines = [HEAD, f"Proven: {done} of {len(known)}.\n"]
    for module in sorted({one.module for one in known}):
        rows = [one for one in known if one.module == module]
        lines.append(f"\n## {module}: {sum(one.id in proven for one in rows)} of {len(rows)}\n")
        lines.append("\n| id | requirement | tests |\n|---|---|---|\n")
        for one in rows:
            tests = "<br>".join(f"`{test}`" for test in proven.get(one.id, ())) or "—"
            lines.append(f"| {one.id} | {one.requirement} | {tests} |\n")
    return "".join(lines)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
