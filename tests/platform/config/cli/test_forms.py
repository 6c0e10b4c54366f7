"""``asuso forms`` as a person at a terminal and a script meet it. Source: INTERFACES 3, 7."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result

from config.cli import context
from config.cli.forms import forms
from tests.tenants.districts import fill


@pytest.fixture(autouse=True)
def _running(monkeypatch):
    """The test has its server and its transaction already."""
    from contextlib import nullcontext

    monkeypatch.setattr(context, "database", nullcontext)


@pytest.fixture
def filled(school, other_school):
    fill(school, other_school)


def run(*arguments: object) -> Result:
    result = CliRunner().invoke(forms, [str(argument) for argument in arguments])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def test_the_list_names_the_forms_of_the_catalog(school):
    rows = json.loads(run("list", "--format", "json").stdout)["rows"]
    assert {"ОО-1", "85-К", "1-ДОД"} <= {row["code"] for row in rows}


def test_a_form_is_the_document_of_the_contract(filled):
    answer = run("compute", "ОО-1", "--as-of", "2026-09-20", "--scope", "municipality:03608000", "--format", "json")
    document = json.loads(answer.stdout)
    assert (document["form"], document["as_of"], document["scope"]) == ("ОО-1", "2026-09-20", "municipality:03608000")
    assert {
        "section": "СО-1",
        "row": "01",
        "column": "3",
        "value": 3,
        "source": "computed",
        "confidence": "reconstructed",
    } in document["cells"]


@pytest.mark.parametrize("extension", ["json", "xlsx", "pdf", "xml"])
def test_a_file_is_written_in_the_format_of_its_name(filled, tmp_path, extension):
    path = tmp_path / f"form.{extension}"
    assert run("compute", "oo-1", "--as-of", "2026-09-20", "--scope", "region", "--output", path).exit_code == 0
    starts = {"json": b"{", "xlsx": b"PK", "pdf": b"%PDF", "xml": b"<?xml"}
    assert path.read_bytes().startswith(starts[extension])


def test_an_unknown_format_form_or_scope_is_told(school, tmp_path):
    day = ("--as-of", "2026-09-20")
    assert run("compute", "ОО-1", *day, "--scope", "region", "--output", tmp_path / "form.doc").exit_code == 2
    unwritable = run("compute", "ОО-1", *day, "--scope", "region", "--output", tmp_path / "нет" / "form.json")
    assert (unwritable.exit_code, "form.json" in unwritable.stderr) == (2, True)
    unknown = run("compute", "ОО-9", *day, "--scope", "region")
    assert (unknown.exit_code, "asuso forms list" in unknown.stderr) == (2, True)
    nowhere = run("compute", "ОО-1", *day, "--scope", "municipality:99999999")
    assert (nowhere.exit_code, "99999999" in nowhere.stderr) == (2, True)
    assert run("compute", "ОО-1", "--as-of", "вчера", "--scope", "region").exit_code == 2
