"""Reading a form layout from plain data (a YAML file or the stored edition) with validation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from shared.kernel.data import read_yaml
from shared.statforms.catalog import Column, Confidence, FormLayout, Row, Section
from shared.statforms.checks import Check, parse_check
from shared.statforms.errors import CheckNotReadable, LayoutInvalid

Raw = Mapping[str, Any]  # Any: decoded YAML or JSON, checked key by key below

DATA = Path(__file__).parent / "data"

FORM_KEYS = frozenset(
    [
        "code",
        "edition",
        "formerly",
        "okud",
        "title",
        "approved_by",
        "periodicity",
        "source",
        "warning",
        "sections",
        "missing",
    ]
)
SECTION_KEYS = frozenset(
    [
        "code",
        "address",
        "own",
        "title",
        "edition",
        "source",
        "units",
        "columns",
        "rows",
        "checks",
        "checks_assumed",
        "derives_from",
        "code_basis",
        "note",
        "codes",
        "confidence",
        "copies",
        "closed_count",
        "closed_assumed",
    ]
)
ROW_KEYS = frozenset(["code", "address", "own", "title", "meaning", "unit", "of", "closed", "inferred", "confidence"])
COLUMN_KEYS = frozenset(["code", "address", "own", "title", "inferred", "confidence"])
COPY_KEYS = frozenset(("address", "title"))
UNKNOWN_TITLE = "(формулировка не прочитана)"


def load_yaml(path: Path) -> Raw:
    content = read_yaml(path)
    if not isinstance(content, dict):
        raise LayoutInvalid(f"{path.name}: the file is not a mapping")
    return content


def layout_files() -> list[Path]:
    return sorted((DATA / "layouts").glob("*.yaml"))


def parse_layout(raw: Raw) -> FormLayout:
    """Build the layout of one edition.

    Raises: LayoutInvalid.
    """
    _only(raw, FORM_KEYS, where="form")
    code = _text(raw, "code")
    if not code or not _text(raw, "edition"):
        raise LayoutInvalid("A form needs a code and an edition")
    sections = tuple(section for item in raw.get("sections", ()) for section in _sections(item, form=code))
    _no_repeats((section.code for section in sections), where=f"{code}: sections")
    return FormLayout(
        code=code,
        edition=_text(raw, "edition"),
        title=_text(raw, "title"),
        okud=_text(raw, "okud"),
        approved_by=_text(raw, "approved_by"),
        periodicity=_text(raw, "periodicity"),
        source=_text(raw, "source"),
        warning=_text(raw, "warning"),
        missing=tuple(raw.get("missing", ())),
        sections=sections,
    )


def _sections(raw: Raw, *, form: str) -> Iterable[Section]:
    """The section itself, then its copies (the same table filled for another form of study)."""
    where = f"{form}, section {raw.get('code') or raw.get('address')}"
    _only(raw, SECTION_KEYS, where=where)
    code, title = _code(raw, where=where), _text(raw, "title")
    columns = tuple(_column(item, where=where) for item in raw.get("columns", ()))
    rows = tuple(_row(item, section=raw, where=where) for item in raw.get("rows", ()))
    _no_repeats((column.code for column in columns), where=f"{where}: columns")
    _no_repeats((row.code for row in rows), where=f"{where}: rows")
    _known_references(rows, {column.code for column in columns}, raw, where=where)
    checks, unreadable = _checks(raw)
    for address, heading in [(code, title), *_copies(raw, title=title, where=where)]:
        yield Section(
            code=address,
            title=heading,
            edition=_text(raw, "edition"),
            source=_text(raw, "source"),
            note=_text(raw, "note"),
            confidence=_confidence(raw),
            is_own=_is_own(raw),
            original=code,
            columns=columns,
            rows=rows,
            checks=checks,
            unreadable_checks=unreadable,
        )


def _copies(raw: Raw, *, title: str, where: str) -> Iterable[tuple[str, str]]:
    for copy in raw.get("copies", ()):
        _only(copy, COPY_KEYS, where=where)
        yield copy["address"], f"{title}: {copy['title']}"


def _column(raw: Raw, *, where: str) -> Column:
    _only(raw, COLUMN_KEYS, where=where)
    return Column(
        code=_code(raw, where=where),
        title=_text(raw, "title") or UNKNOWN_TITLE,
        confidence=_confidence(raw),
        is_own=_is_own(raw),
    )


def _row(raw: Raw, *, section: Raw, where: str) -> Row:
    _only(raw, ROW_KEYS, where=where)
    code = _code(raw, where=where)
    return Row(
        code=code,
        title=_text(raw, "title") or _text(raw, "meaning") or UNKNOWN_TITLE,
        is_title_official=bool(raw.get("title")) and not _is_own(raw),
        unit=_text(raw, "unit"),
        of=_text(raw, "of"),
        closed=frozenset(raw.get("closed", ())),
        assumed_closed=frozenset(section.get("closed_assumed", {}).get(code, ())),
        confidence=_confidence(raw),
        is_own=_is_own(raw),
    )


def _confidence(raw: Raw) -> Confidence:
    """The worst of what is stated and of what the marks mean.

    ``inferred`` is at best partial, and reconstructed when not even the wording was read; own parts are reconstructed.
    """
    found = [Confidence(raw.get("confidence", Confidence.VERBATIM))]
    if raw.get("inferred") or not raw.get("code"):
        found.append(Confidence.PARTIAL if raw.get("title") else Confidence.RECONSTRUCTED)
    if _is_own(raw):
        found.append(Confidence.RECONSTRUCTED)
    return Confidence.worst(*found)


def _checks(raw: Raw) -> tuple[tuple[Check, ...], tuple[str, ...]]:
    checks: list[Check] = []
    unreadable: list[str] = []
    for key, is_stated in (("checks", True), ("checks_assumed", False)):
        for text in raw.get(key, ()):
            try:
                checks.append(parse_check(text, is_stated=is_stated))
            except CheckNotReadable:
                unreadable.append(text)
    return tuple(checks), tuple(unreadable)


def _known_references(rows: Sequence[Row], columns: set[str], raw: Raw, *, where: str) -> None:
    codes = {row.code for row in rows}
    for row in rows:
        if row.of and row.of not in codes:
            raise LayoutInvalid(f"{where}: row {row.code} belongs to row {row.of}, which does not exist")
        if unknown := (row.closed | row.assumed_closed) - columns:
            raise LayoutInvalid(f"{where}: row {row.code} closes unknown columns {sorted(unknown)}")
    if lost := set(raw.get("closed_assumed", {})) - codes:
        raise LayoutInvalid(f"{where}: closed_assumed names unknown rows {sorted(lost)}")


def _code(raw: Raw, *, where: str) -> str:
    code = raw.get("code") or raw.get("address")
    if not isinstance(code, str):
        raise LayoutInvalid(f"{where}: a code is text in quotes; without a known code give an address")
    return code


def _is_own(raw: Raw) -> bool:
    return bool(raw.get("own", False))


def _text(raw: Raw, key: str) -> str:
    return str(raw.get(key) or "")


def _only(raw: Raw, allowed: frozenset[str], *, where: str) -> None:
    if unknown := set(raw) - allowed:
        raise LayoutInvalid(f"{where}: unknown keys {sorted(unknown)}")


def _no_repeats(codes: Iterable[str], *, where: str) -> None:
    if repeated := [code for code, count in Counter(codes).items() if count > 1]:
        raise LayoutInvalid(f"{where}: repeated codes {repeated}")
