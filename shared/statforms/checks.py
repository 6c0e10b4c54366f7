"""The small language of checks in form layouts: ``r01 = r02 + r03``, ``c3 = sum(c4..c19)``, ``c6 >= 2 * c5``.

A reference names a row, a column or both, of this section or of another (``s6.r601.c3``, ``s7 r34 c3``). A range
outside ``sum`` means a series of checks in parallel: ``r44..r52 c3 = s7 r34..r42 c3``; the same may be told in words:
``r82 <= r81 and so on to r88 <= r81``. What is left open (no row, no column) holds for every row or column of the
section.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from shared.statforms.errors import CheckNotReadable

OPERATORS: dict[str, Callable[[int, int], bool]] = {
    "<=": operator.le,
    ">=": operator.ge,
    "=": operator.eq,
    "<": operator.lt,
    ">": operator.gt,
}
COMPARISON = re.compile(r"\s*(<=|>=|=|<|>)\s*")
SERIES = re.compile(r"^(?P<first>.+?)[\s,(]+and so on to\s+(?P<last>[^)]+)\)?$")
TERM = re.compile(r"\s*(?P<sign>[+-])?\s*(?:(?P<factor>\d+)\s*\*\s*)?(?P<body>sum\([^()]*\)|[^\s+*-][^+*-]*|)\s*")
REFERENCE = re.compile(
    r"^(?:s(?P<section>\d[\d.]*\d|\d)(?:[. ]\s*|$))?"
    r"(?:r(?P<row>\w+?)(?:\.\.r?(?P<row_last>\w+?))?)?"
    r"(?:(?:^|[. ]|(?<=[. ]))\s*c(?P<column>\d+)(?:\.\.c?(?P<column_last>\d+))?)?$"
)


@dataclass(frozen=True, slots=True)
class Span:
    """One code, or all codes of the section from ``first`` to ``last`` in the order of the form."""

    first: str
    last: str

    @property
    def is_single(self) -> bool:
        return self.first == self.last


@dataclass(frozen=True, slots=True)
class Reference:
    """What a check speaks about; an empty section is the section of the check, an absent span is open."""

    section: str
    rows: Span | None
    columns: Span | None


@dataclass(frozen=True, slots=True)
class Term:
    """``factor`` times the reference; ``is_total`` adds up everything in the spans (``sum(…)``)."""

    factor: int
    reference: Reference
    is_total: bool


@dataclass(frozen=True, slots=True)
class Check:
    """One statement about cells. ``is_stated``: read in the form (a breach is an error), else our consequence."""

    text: str
    left: tuple[Term, ...]
    relation: str
    right: tuple[Term, ...]
    is_stated: bool

    def holds(self, left: int, right: int) -> bool:
        return OPERATORS[self.relation](left, right)

    @property
    def terms(self) -> tuple[Term, ...]:
        return self.left + self.right


def parse_check(text: str, *, is_stated: bool) -> Check:
    """Read one check.

    Raises: CheckNotReadable.
    """
    told = SERIES.match(text.strip())
    if told is None:
        return _parse_plain(text, text, is_stated=is_stated)
    first = _parse_plain(told["first"], text, is_stated=is_stated)
    last = _parse_plain(told["last"], text, is_stated=is_stated)
    if first.relation != last.relation or len(first.terms) != 2 or len(last.terms) != 2:
        raise CheckNotReadable(text)
    left, right = (_stretched(a, b, text) for a, b in zip(first.terms, last.terms, strict=True))
    return replace(first, left=(left,), right=(right,))


def _parse_plain(part: str, text: str, *, is_stated: bool) -> Check:
    sides = COMPARISON.split(part)
    if len(sides) != 3:
        raise CheckNotReadable(text)
    left, relation, right = sides
    return Check(text, _terms(left, text), relation, _terms(right, text), is_stated)


def _terms(side: str, text: str) -> tuple[Term, ...]:
    terms: list[Term] = []
    position = 0
    side = side.strip()
    while position < len(side):
        match = TERM.match(side, position)
        if match is None or not match["body"] or (terms and not match["sign"]):
            raise CheckNotReadable(text)
        factor = int(match["factor"] or 1) * (-1 if match["sign"] == "-" else 1)
        body = match["body"].strip()
        is_total = body.startswith("sum(")
        reference = _reference(body[4:-1].strip() if is_total else body, text)
        terms.append(Term(factor, reference, is_total))
        position = match.end()
    if not terms:
        raise CheckNotReadable(text)
    return tuple(terms)


def _reference(body: str, text: str) -> Reference:
    match = REFERENCE.match(body)
    if match is None or not (match["row"] or match["column"]):
        raise CheckNotReadable(text)
    return Reference(
        section=match["section"] or "",
        rows=_span(match["row"], match["row_last"]),
        columns=_span(match["column"], match["column_last"]),
    )


def _span(first: str | None, last: str | None) -> Span | None:
    return Span(first, last or first) if first else None


def _stretched(first: Term, last: Term, text: str) -> Term:
    """The term of a series told by its first and last check; the last may leave out what does not change."""
    a, b = first.reference, last.reference
    if a.section != b.section or first.is_total or last.is_total or (a.rows is None) != (b.rows is None):
        raise CheckNotReadable(text)
    rows = Span(a.rows.first, b.rows.last) if a.rows and b.rows else None
    columns = Span(a.columns.first, b.columns.last) if a.columns and b.columns else a.columns
    return replace(first, reference=Reference(a.section, rows, columns))
