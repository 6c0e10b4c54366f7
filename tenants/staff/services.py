"""Cards of employees: hiring, correction, dismissal. Source: ORGANIZATION 2.2 (R-007, R-180 … R-184, R-249)."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from shared.classifiers.catalog import load_catalog
from shared.kernel.names import sort_key
from shared.kernel.rules import constraint_means
from shared.tenancy.scopes import give_reason
from tenants.consents.models import Consent
from tenants.consents.services import SignedPaper, record_employee_consent
from tenants.staff.charges import charges_of, end_charges, resume_charges
from tenants.staff.errors import (
    AlreadyDismissed,
    BornAfterHire,
    CategoriesMixed,
    CategoryWantsHighest,
    ConsentMissing,
    DismissedBeforeHire,
    DocumentBeforeBirth,
    HiredBeforeDismissal,
    NotDismissed,
    SameDocument,
    SameNameKnown,
    SnilsKnown,
    SuccessorWanted,
)
from tenants.staff.former import DOCUMENT, forget_former, keep_employment, keep_former
from tenants.staff.layout import WRITTEN
from tenants.staff.models import StaffMember

Values = Mapping[str, Any]  # code of a field of the card → its value
HIGHEST: Final = "highest"


@transaction.atomic
def hire(*, values: Values, by: str, is_namesake: bool = False) -> StaffMember:
    """A card by written consent (``values["consent_on"]``), which is recorded with it.

    An equal person is looked for first, the dismissed too: he is hired again in his own card.
    Raises: ConsentMissing, SnilsKnown, SameNameKnown (unless ``is_namesake``), CategoriesMixed, BornAfterHire.
    """
    consent_on = values.get("consent_on")
    if consent_on is None:
        raise ConsentMissing
    facts = {code: value for code, value in values.items() if code in WRITTEN and value is not None}
    member = StaffMember(**facts)
    member.personnel_category = member.personnel_category or category_of(member.main_position)
    namesakes = _namesakes(member)
    if namesakes and not is_namesake:
        raise _same_name(namesakes[-1])
    member.namesake = namesakes[-1].namesake + 1 if namesakes else 0
    check_values({"qualification_categories": member.qualification_categories})
    give_reason(order_text(member.hire_order_no, member.hire_order_date))
    _save(member)
    _record_consent(member, consent_on, by)
    return member


@transaction.atomic
def write(member: StaffMember, values: Values, *, by: str) -> None:
    """Set some fields of a card; what is replaced stays on it as a former value.

    ``consent_on`` records another consent, which opens a sealed card.
    Raises: SnilsKnown, SameNameKnown, CategoriesMixed, BornAfterHire, DocumentBeforeBirth, DismissedBeforeHire.
    """
    held = _locked(member.pk)
    facts = {code: value for code, value in values.items() if code in WRITTEN}
    if "personnel_category" in facts and not facts["personnel_category"]:
        facts["personnel_category"] = category_of(facts.get("main_position", held.main_position))
    check_values(facts)
    keep_former(held, facts, day=timezone.localdate(), by=by)
    for code, value in facts.items():
        setattr(held, code, value)
    _save(held, update=facts)
    if values.get("consent_on") is not None:
        _record_consent(held, values["consent_on"], by)
    member.refresh_from_db()


@transaction.atomic
def put_back(member: StaffMember, values: Values, *, by: str) -> None:
    """An undo: these values stand again, and what the undone change had made former is former no more.

    Raises as ``write``.
    """
    held = _locked(member.pk)
    facts = {code: value for code, value in values.items() if code in WRITTEN}
    check_values(facts)
    for code, value in facts.items():
        setattr(held, code, value)
    _save(held, update=facts)
    forget_former(held, facts)
    member.refresh_from_db()


@transaction.atomic
def replace_document(
    *, member: StaffMember, values: Values, replaced_on: datetime.date, by: str, basis: str = ""
) -> None:
    """A new passport; the former one stays on the card until ``replaced_on``. Raises: SameDocument."""
    held = _locked(member.pk)
    facts = {name: values.get(name) for name in DOCUMENT}
    if (facts["doc_series"], facts["doc_number"]) == (held.doc_series, held.doc_number):
        raise SameDocument
    keep_former(held, facts, day=replaced_on, by=by, basis=basis)
    for name, value in facts.items():
        setattr(held, name, value)
    _save(held, update=facts)
    member.refresh_from_db()


@transaction.atomic
def dismiss(
    *, member: StaffMember, dismissed_on: datetime.date, order_no: str, order_date: datetime.date, by: str
) -> StaffMember:
    """End an employment: ``dismissed_on`` is the last working day; the card goes to the archive.

    What he is in charge of ends with it, unless a successor must be there first.
    Raises: AlreadyDismissed, DismissedBeforeHire, SuccessorWanted.
    """
    member = _locked(member.pk)
    if member.dismissed_on is not None:
        raise AlreadyDismissed(member=member, day=f"{member.dismissed_on:%d.%m.%Y}")
    wanting = [one for one in charges_of(member, dismissed_on) if one.wants_successor]
    if wanting:
        raise SuccessorWanted(charges=" ".join(f"{one.text}. {one.advice}" for one in wanting))
    give_reason(order_text(order_no, order_date))
    facts = {"dismissed_on": dismissed_on, "dismissal_order_no": order_no, "dismissal_order_date": order_date}
    for name, value in facts.items():
        setattr(member, name, value)
    _save(member, update=facts)
    end_charges(member, dismissed_on, by=by)
    return member


@transaction.atomic
def reinstate(
    *,
    member: StaffMember,
    order_no: str,
    order_date: datetime.date,
    by: str,
    hire_date: datetime.date | None = None,
) -> tuple[StaffMember, list[str]]:
    """Take the card out of the archive: the dismissal is canceled, or from ``hire_date`` the person is hired again.

    What a canceled dismissal has ended, he is in charge of again, which is told beside the card. Hired again, he is in
    charge of nothing, and the former employment stays on the card as a row. Raises: NotDismissed, HiredBeforeDismissal.
    """
    member = _locked(member.pk)
    if member.dismissed_on is None:
        raise NotDismissed(member=member)
    give_reason(order_text(order_no, order_date))
    dismissed_on = member.dismissed_on
    facts: dict[str, Any] = {"dismissed_on": None, "dismissal_order_no": "", "dismissal_order_date": None}
    if hire_date is not None:
        if hire_date <= dismissed_on:
            raise HiredBeforeDismissal(day=f"{dismissed_on:%d.%m.%Y}")
        keep_employment(member, by=by)
        facts |= {"hire_date": hire_date, "hire_order_no": order_no, "hire_order_date": order_date}
    for name, value in facts.items():
        setattr(member, name, value)
    _save(member, update=facts)
    again = resume_charges(member, dismissed_on, by=by) if hire_date is None else []
    return member, again


def find_same(values: Values) -> Sequence[StaffMember]:
    """Who may be meant already: the same СНИЛС, or the same name and birth date; the dismissed too."""
    known = StaffMember.objects.known()
    found: list[StaffMember] = []
    if values.get("snils"):
        found += known.filter(snils=values["snils"])
    if values.get("last_name") and values.get("birth_date"):
        named = known.filter(sort_name=_key(values), birth_date=values["birth_date"]).order_by("namesake")
        found += [one for one in named if one not in found]
    return found


@transaction.atomic
def annul_hired(keys: Collection[uuid.UUID]) -> int:
    """Take back cards that a file has brought: those that have got an account by now stay. Answers how many went."""
    unused = StaffMember.objects.known().filter(pk__in=keys, account_id=None)
    gone = list(unused.values_list("pk", flat=True))
    Consent.objects.current().filter(employee_id__in=gone, withdrawn_on=None).update(is_current=False)
    return StaffMember.objects.filter(pk__in=gone).update(is_annulled=True)


def check_values(values: Values) -> None:
    """What values contradict among themselves. Raises: CategoriesMixed, CategoryWantsHighest."""
    _check_categories(values.get("qualification_categories") or ())


def link_accounts(links: Mapping[str, str]) -> None:
    """Write on the cards which account is whose; what is already written stays."""
    taken = set(StaffMember.objects.known().filter(account_id__in=links.values()).values_list("account_id", flat=True))
    for member_id, account_id in links.items():
        if uuid.UUID(account_id) not in taken:
            StaffMember.objects.known().filter(pk=member_id, account_id=None).update(account_id=account_id)


def category_of(position: str) -> str:
    """The category of personnel that a position belongs to (classifier staff_position)."""
    positions = load_catalog()["staff_position"]
    return str(positions[position].facts.get("category", "support")) if position in positions else "support"


def order_text(number: str, day: datetime.date) -> str:
    """How the history names the document a change rests on."""
    return f"Приказ № {number} от {day:%d.%m.%Y}"


def _locked(key: uuid.UUID) -> StaffMember:
    return StaffMember.objects.known().select_for_update(of=("self",)).get(pk=key)


def _key(values: Values) -> str:
    """The stored key of a name: the missing patronymic leaves its space."""
    return sort_key(" ".join(values.get(name) or "" for name in ("last_name", "first_name", "patronymic")))


def _namesakes(member: StaffMember) -> list[StaffMember]:
    return list(
        StaffMember.objects.known()
        .filter(sort_name=_key(vars(member)), birth_date=member.birth_date)
        .exclude(pk=member.pk)
        .order_by("namesake")
    )


def _same_name(known: StaffMember) -> SameNameKnown:
    return SameNameKnown(member=known, birth_date=f"{known.birth_date:%d.%m.%Y}")


def _check_categories(codes: Sequence[str]) -> None:
    """One main category, additions to the highest one only. Source: приказ от 24.03.2023 № 196, ORGANIZATION 2.2."""
    book = load_catalog()["qualification_category"]
    main = [code for code in codes if not book[code].facts.get("addition")]
    if len(main) > 1:
        raise CategoriesMixed(categories=", ".join(f"«{book[code].label}»" for code in main))
    additions = [code for code in codes if code not in main]
    if additions and main != [HIGHEST]:
        raise CategoryWantsHighest(category=book[additions[0]].label)


def _save(member: StaffMember, *, update: Values | None = None) -> None:
    """Store a card; what somebody else was quicker with is refused in words."""
    same = find_same({"snils": member.snils}) if member.snils else []
    other = next((one for one in same if one.pk != member.pk), None)
    _check_days(member)
    taken, named = SnilsKnown(member=other or "другой работник"), _same_name(member)
    with constraint_means("staffmember_one_per_snils", taken), constraint_means("staffmember_one_person", named):
        if update is None:
            member.save(force_insert=True)
        else:
            member.save(update_fields=[*update, "updated_at"])


def _check_days(member: StaffMember) -> None:
    """The days of one card; the database holds the same."""
    if member.hire_date <= member.birth_date:
        raise BornAfterHire
    if member.doc_issued_on is not None and member.doc_issued_on < member.birth_date:
        raise DocumentBeforeBirth
    if member.dismissed_on is not None and member.dismissed_on < member.hire_date:
        raise DismissedBeforeHire(hire_date=f"{member.hire_date:%d.%m.%Y}")


def _record_consent(member: StaffMember, signed_on: datetime.date, by: str) -> None:
    """A consent of that day, unless it is the one in force; the former one becomes history in the register."""
    if member.is_sealed or member.consent_on != signed_on:
        paper = SignedPaper(signed_on=signed_on, recorded_by=by, signer=member.full_name)
        record_employee_consent(employee_id=member.pk, paper=paper)
        member.refresh_from_db(fields=["consent_on", "consent_withdrawn_on"])
