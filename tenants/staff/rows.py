"""Rows of an employee's card: diplomas, courses, attestations, awards, methodical works. Old ones are kept for good.

Source: R-183, R-184, R-233, KK Прил.1 2.3.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from shared.classifiers.catalog import load_catalog
from shared.kernel.rules import constraint_means
from shared.tenancy.scopes import give_reason
from tenants.files.models import StoredFile
from tenants.staff.errors import CertificationUnfinished, RowDaysBroken
from tenants.staff.layout import ROWS
from tenants.staff.models import Certification, MethodicalWork, StaffMember, StaffRow

Values = Mapping[str, Any]  # code of a field of the section → its value
_ORDERED: Final = ("certification_days_in_order", "stafftraining_days_in_order")
ADDITIONS: Final = frozenset({"methodist", "mentor"})


@transaction.atomic
def add_row(*, member: StaffMember, section: str, values: Values, by: str, file: StoredFile | None = None) -> StaffRow:
    """A new row of a section; an attestation in force gives its category to the card.

    Raises: CertificationUnfinished, RowDaysBroken.
    """
    row = ROWS[section](recorded_by=by)
    row.member = member  # type: ignore[attr-defined]  # every row has one
    _fill(row, values, file)
    return row


@transaction.atomic
def change_row(*, row: StaffRow, values: Values, file: StoredFile | None = None) -> StaffRow:
    """Correct or end a row; what stood there before stays in its history. Raises as ``add_row``."""
    row = type(row).objects.select_for_update(of=("self",)).get(pk=row.pk)
    _fill(row, values, file)
    return row


@transaction.atomic
def end_certification(*, row: Certification, day: datetime.date) -> None:
    """The category holds until ``day``. Raises: RowDaysBroken."""
    change_row(row=row, values={"valid_to": day})


@transaction.atomic
def annul_row(*, row: StaffRow, reason: str) -> None:
    """A row written by mistake is no longer shown; it is kept."""
    give_reason(f"Записано по ошибке: {reason}")
    row = type(row).objects.select_for_update(of=("self",)).get(pk=row.pk)
    row.is_annulled = True
    row.save(update_fields=["is_annulled"])


def _fill(row: StaffRow, values: Values, file: StoredFile | None) -> None:
    for code, value in values.items():
        setattr(row, code, value)
    if isinstance(row, MethodicalWork) and file is not None:
        row.file = file
    first, second = _ORDERED
    with (
        constraint_means("certification_begun", CertificationUnfinished()),
        constraint_means(first, RowDaysBroken()),
        constraint_means(second, RowDaysBroken()),
    ):
        row.save()
    if isinstance(row, Certification):
        _give_category(row)


def _give_category(certification: Certification) -> None:
    """The category of an attestation in force stands on the card; a lower one never replaces a higher one.

    «Методист» and «наставник» are added to the highest category, not put in its place. Source: приказ от 24.03.2023
    № 196.
    """
    if not certification.is_in_force(timezone.localdate()):
        return
    member = StaffMember.objects.select_for_update(of=("self",)).get(pk=certification.member_id)
    held, granted = member.qualification_categories, certification.category
    rank = load_catalog().codes("qualification_category")
    main = next((code for code in held if code not in ADDITIONS), "")
    if granted in ADDITIONS:
        fresh = [*held, granted] if main == "highest" and granted not in held else held
    elif not main or rank.index(granted) > rank.index(main):
        fresh = [granted, *(code for code in held if code in ADDITIONS)]
    else:
        fresh = held
    if fresh != held:
        give_reason(f"Аттестация: {certification}")
        member.qualification_categories = fresh
        member.save(update_fields=["qualification_categories", "updated_at"])
