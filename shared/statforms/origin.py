"""Where a number of a form comes from: its rule, its parts, and what a person may open from it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.urls import reverse

from shared.contingent.counts import Count, Counted
from shared.contingent.suppression import suppress
from shared.statforms.addresses import latin
from shared.statforms.asking import Asked
from shared.statforms.behind import Part, PartKind, groups, parts
from shared.statforms.bindings import Binding, CellFilter, FormBindings, drill
from shared.statforms.catalog import CellAddress, Column, Row, Section
from shared.statforms.compute import ComputedForm
from shared.statforms.controls import Finding, sums_of
from shared.statforms.cube import GroupFact
from shared.statforms.provenance import in_words
from shared.statforms.screen import cell_url
from shared.statforms.sheets import CONFIDENCE_LABELS

SHOWN_PARTS = 12
_PART_KINDS: dict[str, PartKind] = {"region": "municipality", "organization": "group"}
_PART_TITLES: dict[PartKind, str] = {
    "municipality": "По муниципалитетам",
    "organization": "По организациям",
    "group": "По классам и группам",
}


@dataclass(frozen=True, slots=True)
class ShownPart:
    title: str
    number: int | None
    url: str


@dataclass(frozen=True, slots=True)
class Addend:
    """A cell that goes into a sum."""

    title: str
    value: int | None
    url: str


@dataclass(frozen=True, slots=True)
class Origin:
    """Everything the panel beside a cell says; ``rule`` is absent for a sum of unlike cells."""

    section: Section
    row: Row
    column: Column
    value: int | None
    confidence: str
    rule: tuple[tuple[str, str], ...]
    reasons: tuple[str, ...]
    parts_title: str
    parts: tuple[ShownPart, ...]
    more_parts: int
    addends: tuple[Addend, ...]
    list_url: str
    list_number: int
    counts_people: bool


def origin_of(asked: Asked, cell: CellAddress, *, may_see_people: bool) -> Origin | None:
    """The origin of a computed cell; None where nothing is computed (people enter the cell)."""
    needed = _needed(asked, [cell])
    if not needed:
        return None
    computed = asked.compute(FormBindings(asked.bindings.form, asked.bindings.edition, needed, {}))
    value = computed.values[cell]
    section = asked.layout.section_by_code[cell.section]
    behind = drill(asked.layout, asked.bindings, cell, as_of=asked.as_of)
    shown, number = _parts(asked, behind, may_see_people=may_see_people) if behind and value is not None else ([], 0)
    is_listed = behind is not None and number > 0 and (may_see_people or not behind.measure.counts_learners)
    return Origin(
        section=section,
        row=next(row for row in section.rows if row.code == cell.row),
        column=next(column for column in section.columns if column.code == cell.column),
        value=value,
        confidence=CONFIDENCE_LABELS[asked.layout.open_cells[cell]],
        rule=tuple(in_words(behind)) if behind else (),
        reasons=tuple(_reasons(computed.findings, cell)) if value is None else (),
        parts_title=_PART_TITLES[_kind(asked)],
        parts=tuple(_shown(asked, cell, part) for part in shown[:SHOWN_PARTS]),
        more_parts=max(0, len(shown) - SHOWN_PARTS),
        addends=() if cell in asked.bindings.cells else _addends(asked, cell, computed),
        list_url=f"{cell_url(asked, cell, 'statforms:list')}?{asked.query}" if is_listed else "",
        list_number=number,
        counts_people=behind is not None and behind.measure.counts_learners,
    )


def _needed(asked: Asked, cells: Iterable[CellAddress]) -> dict[CellAddress, Binding]:
    """The bindings a cell is computed from: its own, or those of everything it sums."""
    found: dict[CellAddress, Binding] = {}
    for cell in cells:
        if cell in asked.bindings.cells:
            found[cell] = asked.bindings.cells[cell]
        else:
            for addends in sums_of(asked.layout, cell):
                found |= _needed(asked, (addend for addend in addends if addend != cell))
    return found


def _kind(asked: Asked) -> PartKind:
    return _PART_KINDS.get(asked.reach.chosen.kind, "organization")


def _parts(asked: Asked, behind: CellFilter, *, may_see_people: bool) -> tuple[list[Part], int]:
    """The parts of the value, and the length of the list behind it."""
    if not behind.measure.counts_learners:
        facts = groups(behind, as_of=asked.as_of, territory=asked.territory)
        return _group_parts(asked, facts), len(facts)
    found = parts(behind, _kind(asked), as_of=asked.as_of, territory=asked.territory)
    number = sum(part.number or 0 for part in found)
    return (found if may_see_people else _without_small(asked, found)), number


def _group_parts(asked: Asked, facts: list[GroupFact]) -> list[Part]:
    if _kind(asked) == "group":
        return [Part("", fact.name, fact.learners) for fact in facts]
    counted: dict[str, int] = {}
    for fact in facts:
        counted[fact.organization_name] = counted.get(fact.organization_name, 0) + 1
    return [Part("", name, number) for name, number in sorted(counted.items(), key=lambda item: (-item[1], item[0]))]


def _without_small(asked: Asked, found: list[Part]) -> list[Part]:
    """Parts of 1–4 people are hidden from a role that may not open people. Source: INTERFACES 6."""
    rows = [Count((part.code,), part.number, part.number) for part in found]
    total = sum(part.number or 0 for part in found)
    counted = suppress(Counted(asked.as_of, ("part",), rows, Count((), total, total)))
    return [replace(part, number=row.persons) for part, row in zip(found, counted.rows, strict=True)]


def _shown(asked: Asked, cell: CellAddress, part: Part) -> ShownPart:
    kind = _kind(asked)
    if not part.code or kind == "group":
        return ShownPart(part.title, part.number, "")
    query = asked.query_for(f"{kind}:{part.code}", section=latin(cell.section))
    return ShownPart(part.title, part.number, f"{reverse('statforms:form', args=[asked.address])}?{query}")


def _addends(asked: Asked, cell: CellAddress, computed: ComputedForm) -> tuple[Addend, ...]:
    sums = sums_of(asked.layout, cell)
    return tuple(
        Addend(
            f"Строка {addend.row}, графа {addend.column}",
            computed.values.get(addend),
            f"{cell_url(asked, addend)}?{asked.query}" if _needed(asked, [addend]) else "",
        )
        for addend in (sums[0] if sums else ())
    )


def _reasons(findings: Iterable[Finding], cell: CellAddress) -> Iterable[str]:
    return (finding.message for finding in findings if cell in finding.cells)
