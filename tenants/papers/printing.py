"""The log of printouts: a row and an identifier for every paper with personal data. Source: ORGANIZATION 22, R-378."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from shared.documents.codes import new_code
from shared.documents.papers import Certification
from tenants.papers.errors import CopyGone, NothingMarked
from tenants.papers.hard_copies import hard_copies
from tenants.papers.models import Numbering, PaperKind, Printing
from tenants.papers.numbering import take_numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Printer:
    """Who prints."""

    account_id: uuid.UUID
    signature: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """By which act hard copies left: destroyed, or handed over to whom."""

    state: str
    number: str
    day: datetime.date
    handed_to: str = ""


@transaction.atomic
def record_printing(
    *,
    kind: PaperKind,
    title: str,
    subjects: Sequence[uuid.UUID],
    by: Printer,
    rows: int = 0,
    has_code: bool = False,
    is_repeat: bool = False,
    certification: Certification | None = None,
) -> Printing:
    """A row of the log before the paper exists: the paper carries its identifier."""
    year = timezone.localdate().year
    (number,) = take_numbers(Numbering.Register.PRINTINGS, year, 1)
    kept = hard_copies()[kind]
    return Printing.objects.create(
        kind=kind,
        year=year,
        number=number,
        title=title,
        subjects=list(subjects),
        rows=rows or len(subjects),
        is_repeat=is_repeat,
        certified_by=f"{certification.post}, {certification.name}" if certification else "",
        code=new_code() if has_code else "",
        printed_by=by.account_id,
        made_by=by.signature,
        state=Printing.State.GIVEN if kept.is_handed_out else Printing.State.KEPT,
        place="" if kept.is_handed_out else kept.place,
    )


@transaction.atomic
def mark_gone(*, keys: Collection[uuid.UUID], act: Act, marked_by: str) -> int:
    """Hard copies were handed over or destroyed by an act; returns how many. Raises: NothingMarked, CopyGone."""
    copies = list(Printing.objects.select_for_update().filter(pk__in=keys).order_by("pk"))
    if not copies:
        raise NothingMarked
    if gone := [one.copy for one in copies if not one.is_here]:
        raise CopyGone(copies=", ".join(gone))
    return Printing.objects.filter(pk__in=[one.pk for one in copies]).update(
        state=act.state, act_number=act.number, act_on=act.day, handed_to=act.handed_to, marked_by=marked_by
    )
