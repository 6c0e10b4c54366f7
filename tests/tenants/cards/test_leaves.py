"""What pages of rooms take from the engine of cards knows no room, so neither stands above the other."""

from __future__ import annotations

import ast

import pytest

from tests.architecture.files import ROOT


def imported(module: str) -> set[str]:
    """Modules of the project's rooms and of the engine that a module imports, whatever it takes from them."""
    tree = ast.parse((ROOT / f"{module.replace('.', '/')}.py").read_text(encoding="utf-8"))
    return {
        node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("tenants.")
    }


@pytest.mark.parametrize("leaf", ["room_forms", "successors", "drafts"])
def test_it_reaches_the_engine_alone(leaf):
    reached, waiting = set(), {f"tenants.cards.{leaf}"}
    while waiting:
        module = waiting.pop()
        reached.add(module)
        waiting |= imported(module) - reached
    assert {module for module in reached if not module.startswith("tenants.cards.")} == set()
