"""Whatever stands on a card, its file changes nothing when it comes back. Source: issue «round trip»."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from shared.cards.layout import Absence, Field
from shared.classifiers.catalog import load_catalog
from shared.imports.tables import read_table
from tenants.cards.files import checking
from tenants.cards.files.checking import Checker, Row
from tenants.cards.files.children import Children
from tenants.cards.files.kinds import FileKind, file_kinds
from tenants.cards.files.matching import Book
from tenants.cards.files.models import Verdict
from tenants.cards.files.reading import ABSENCES, CLEAR
from tenants.cards.files.services import recognized
from tenants.cards.files.workbook import lines, to_csv, to_xlsx

KINDS = tuple(file_kinds())
QUIET = list(HealthCheck)
CONSENT_ON = datetime.date(2026, 8, 20)
WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc", "Co", "Cn")), min_size=1, max_size=12)
NASTY = st.sampled_from(
    [
        "=1+1",
        "'=1+1",
        "''-5",
        "+7 918",
        "00123",
        "1e5",
        "12.0",
        "да",
        "2015-05-05",
        "01.02.2015",
        "43000",
        "@x",
        ";",
        '"',
    ]
)
DAYS = st.dates(datetime.date(1890, 1, 1), datetime.date(2026, 9, 1))


def values_of(field: Field) -> st.SearchStrategy[object]:
    """Values that may stand in a field, also such as nobody could type today."""
    codes = st.sampled_from(load_catalog().codes(field.classifier)) if field.classifier else st.just("")
    texts = st.one_of(NASTY, WORDS.map(lambda text: " ".join(text.split())))
    by_kind = {
        "choice": st.one_of(st.just(""), codes, st.just("ended-code")),
        "choices": st.lists(codes, max_size=3, unique=True),
        "date": st.one_of(st.none(), DAYS),
        "past_date": st.one_of(st.none(), DAYS),
        "flag": st.one_of(st.none(), st.booleans()),
        "yes": st.booleans(),
        "integer": st.one_of(st.none(), st.integers(0, 10**9 - 1)),
        "decimal": st.one_of(st.none(), st.decimals(Decimal(0), Decimal(10**6), places=2)),
        "snils": st.one_of(st.just(""), st.from_regex(r"[0-9]{11}", fullmatch=True)),
    }
    plain = st.one_of(st.just(""), texts.filter(lambda text: text.lower() not in (CLEAR, *ABSENCES)))
    return by_kind.get(field.kind, plain)


@st.composite
def cards(draw: st.DrawFn, kind: FileKind) -> object:
    facts: dict[str, object] = {}
    absences: dict[str, str] = {}
    for column in kind.columns.values():
        field = column.field
        if column.is_beside or "__" in field.path:
            continue
        facts[field.path] = draw(values_of(field))
        if field.is_explainable and draw(st.booleans()):
            absences[field.code] = str(draw(st.sampled_from(Absence)))
    if not kind.is_single:
        facts["consent_on"] = CONSENT_ON
    card = kind.card.model(absences=absences, **facts)
    if kind.is_single:
        card.organization = kind.card.model._meta.get_field("organization").related_model(
            **{
                field.path.partition("__")[2]: draw(values_of(field)) or ""
                for field in (column.field for column in kind.columns.values())
                if field.path.startswith("organization__")
            }
        )
    return card


@pytest.mark.proves("R-121", "R-164")
@pytest.mark.parametrize("code", KINDS)
@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_a_file_that_comes_back_as_it_was_changes_nothing(code, form, monkeypatch):
    kind = file_kinds()[code]
    columns = list(kind.columns.values())
    monkeypatch.setattr("tenants.cards.files.workbook._children", lambda guardians: {})
    known: list[object] = []
    monkeypatch.setattr(checking, "load_book", lambda cards, asked: Book(known))
    monkeypatch.setattr(checking, "load_children", lambda rows: Children(Book([]), {}))
    monkeypatch.setattr(FileKind, "cards", lambda self: known)

    @settings(
        max_examples=12,
        phases=[Phase.explicit, Phase.reuse, Phase.generate],
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(cards(kind))
    def holds(card: object) -> None:
        known[:] = [card]
        rows = list(lines(kind, columns, known))
        assume(any(cell for row in rows for cell in row))
        content, _ = to_xlsx(kind, columns, rows) if form == "xlsx" else to_csv(columns, rows)
        table = read_table(content, f"карточки.{form}")
        mapping = {int(index): name for index, name in recognized(kind, table.headers).items()}
        assert len(mapping) == len(columns)
        row = Row(2, table.rows[0])
        Checker(kind, mapping).check([row])
        assert (row.verdict, row.changes, row.problems) == (Verdict.SAME, [], [])

    holds()
