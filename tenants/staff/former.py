"""What a card said before a change: replaced documents, addresses, names and positions stay on it as rows.

Source: R-249 (cards are kept, old values are never lost), ORGANIZATION 2.2.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping
from typing import Any, Final

from shared.kernel.names import sort_key
from tenants.staff.models import FormerValue, StaffMember

DOCUMENT: Final = ("doc_type", "doc_series", "doc_number", "doc_issued_on", "doc_issued_by", "doc_department_code")
ADDRESSES: Final = ("residence_address", "registration_address")
NAMES: Final = ("last_name", "first_name", "patronymic")
Kind = FormerValue.Kind
_KIND_OF: Final[Mapping[str, str]] = {
    **dict.fromkeys(DOCUMENT, Kind.DOCUMENT),
    **{name: Kind(name) for name in ADDRESSES},
    **dict.fromkeys(NAMES, Kind.NAME),
    "main_position": Kind.POSITION,
}


def keep_former(
    member: StaffMember, values: Mapping[str, Any], *, day: datetime.date, by: str, basis: str = ""
) -> None:
    """Keep what ``values`` are about to replace on a card; a blank that is filled in replaces nothing."""
    rows = [
        *_document(member, values),
        *_addresses(member, values),
        *_name(member, values),
        *_position(member, values),
    ]
    for row in rows:
        row.held_to, row.recorded_by, row.basis = day, by, basis
        if row.held_from is not None and row.held_from > day:
            row.held_from = None
    FormerValue.objects.bulk_create(rows)


def forget_former(member: StaffMember, codes: Collection[str]) -> None:
    """An undo has put these fields of a card back: a former value that stands again is taken out of sight.

    Only the last of its kind may be meant: what somebody replaced earlier was replaced indeed.
    """
    kinds = {_KIND_OF[code] for code in codes if code in _KIND_OF}
    for kind in sorted(kinds):
        last = FormerValue.objects.filter(member=member, kind=kind).order_by("-recorded_at", "-id").first()
        if last is not None and _stands(member, last):
            last.is_annulled = True
            last.save(update_fields=["is_annulled"])


def keep_employment(member: StaffMember, *, by: str) -> None:
    """Keep an employment that ended before the same person is hired again."""
    ended = member.dismissed_on
    assert ended is not None
    FormerValue.objects.create(
        member=member,
        kind=Kind.EMPLOYMENT,
        text=f"{member.position}, приказ о приёме № {member.hire_order_no} от {member.hire_order_date:%d.%m.%Y}",
        held_from=member.hire_date,
        held_to=ended,
        basis=f"приказ № {member.dismissal_order_no} от {member.dismissal_order_date:%d.%m.%Y}",
        recorded_by=by,
    )


def _document(member: StaffMember, values: Mapping[str, Any]) -> list[FormerValue]:
    """A document is another one when its series or number is."""
    held = (member.doc_series, member.doc_number)
    fresh = (values.get("doc_series", held[0]), values.get("doc_number", held[1]))
    if not member.doc_number or held == fresh:
        return []
    facts = {name: getattr(member, name) for name in DOCUMENT}
    return [FormerValue(member=member, kind=Kind.DOCUMENT, held_from=member.doc_issued_on, **facts)]


def _addresses(member: StaffMember, values: Mapping[str, Any]) -> list[FormerValue]:
    changed = [name for name in ADDRESSES if name in values and _is_other(getattr(member, name), values[name])]
    return [FormerValue(member=member, kind=name, text=getattr(member, name)) for name in changed]


def _name(member: StaffMember, values: Mapping[str, Any]) -> list[FormerValue]:
    fresh = " ".join(filter(None, (values.get(name, getattr(member, name)) for name in NAMES)))
    return [FormerValue(member=member, kind=Kind.NAME, text=member.full_name)] if fresh != member.full_name else []


def _position(member: StaffMember, values: Mapping[str, Any]) -> list[FormerValue]:
    if values.get("main_position", member.main_position) == member.main_position:
        return []
    last = FormerValue.objects.filter(member=member, kind=Kind.POSITION).order_by("-held_to").first()
    since = max(last.held_to, member.hire_date) if last else member.hire_date
    return [FormerValue(member=member, kind=Kind.POSITION, text=member.position, held_from=since)]


def _stands(member: StaffMember, row: FormerValue) -> bool:
    """Whether the card says now what the row calls former."""
    match row.kind:
        case Kind.DOCUMENT:
            return (member.doc_series, member.doc_number) == (row.doc_series, row.doc_number)
        case Kind.NAME:
            return member.full_name == row.text
        case Kind.POSITION:
            return member.position == row.text
    return not _is_other(row.text, getattr(member, row.kind))


def _is_other(held: str, fresh: str) -> bool:
    """Whether an address says something else; signs and spaces do not count."""
    return bool(held) and _letters(held) != _letters(fresh)


def _letters(text: str) -> str:
    return "".join(sign for sign in sort_key(text) if sign.isalnum())
