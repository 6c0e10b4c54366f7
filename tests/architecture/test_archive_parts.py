"""Every room of an organization keeps a part of the sealed archive, or says why it keeps nothing."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from django.apps import apps
from django.utils import timezone

from shared.access.rights import known_capabilities
from shared.documents.imprint import Imprint
from tenants.archive.registry import NOTHING, PARTS
from tests.architecture.files import ROOT


def rooms() -> set[str]:
    return {config.label for config in apps.get_app_configs() if config.name.startswith("tenants.")}


def test_every_room_has_a_part_or_a_reason():
    kept = {part.app for part in PARTS.values()}
    assert kept | set(NOTHING) == rooms()
    assert not kept & set(NOTHING)
    assert all(NOTHING.values())


def test_every_file_of_a_part_is_in_the_registry():
    published = {path.parent.name for path in (ROOT / "tenants").glob("*/archive_part.py")}
    text = Path(ROOT / "tenants/archive/registry.py").read_text(encoding="utf-8")
    imported = {
        (node.module or "").rpartition(".")[2]
        for node in ast.parse(text).body
        if isinstance(node, ast.ImportFrom) and any(alias.name == "archive_part" for alias in node.names)
    }
    assert imported == published


@pytest.mark.parametrize("part", PARTS.values(), ids=lambda part: part.code)
def test_a_part_asks_for_rights_that_there_are_and_names_its_columns_once(part):
    assert part.needs
    assert set(part.needs) <= known_capabilities()
    titles = [column.title for column in part.columns]
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("part", [one for one in PARTS.values() if one.paper], ids=lambda part: part.code)
def test_a_part_prints_columns_that_it_has(part):
    imprint = Imprint(organization="Школа", title=part.title, made_at=timezone.localtime(), executor="С")
    assert part.paper(imprint, part.columns, []).startswith(b"%PDF")
