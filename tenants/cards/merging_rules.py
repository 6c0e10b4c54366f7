"""What is particular to a merge of each kind: what forbids it, what of two must become one, what follows.

Special facts are never lost and never told: where they differ, the merge waits for the person they are open to.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Model

from shared.kernel.rules import RuleViolation
from tenants.cards.errors import MergeNotUndone, MergeRefused
from tenants.cards.merging_journal import Journal
from tenants.consents.models import Consent
from tenants.handup.services import hand_up
from tenants.orders.models import Enrollment, Order, OrderRow
from tenants.organization.models import ResponsiblePerson
from tenants.people.models import Guardian, GuardianLink, Student, StudentSpecial
from tenants.staff.former import keep_employment
from tenants.staff.models import StaffMember

SPECIAL_DIFFER: Final = (
    "Особые сведения двух карточек различаются, а ни одно из них терять нельзя. Пусть тот, кому они открыты, приведёт "
    "их к одному виду, потом объедините карточки."
)
WITHDRAWN: Final = (
    "На одной из карточек согласие отозвано. Сначала ответственный за персональные данные решает, что с ней делать."
)
TWO_ACCOUNTS: Final = (
    "У обеих карточек есть учётные записи для входа. Оставьте человеку одну: вторую закройте в разделе «Пользователи»."
)
TWO_PLACES: Final = (
    "Обе карточки числятся на основном месте. Сначала аннулируйте лишнее зачисление приказом, потом объедините их."
)
_RESTRICTION: Final = ("authority_document", "rights_restriction", "restriction_document", "restricted_on")
_SERVICE: Final = ("id", "student", "updated_at", "updated_by")


@dataclass(frozen=True, kw_only=True)
class MergeRules:
    """``settle`` refuses, and makes one of what both have; ``retire`` hides the card that gives way; ``follow`` tells
    the registry; ``later`` says what was built on the merge, '' for nothing. ``broken``: what a constraint means here.
    """

    settle: Callable[[Any, Any, Journal, str], None]  # (stays, gives way, journal, by)
    retire: Callable[[Any, Journal], None]
    follow: Callable[[uuid.UUID], None]
    later: Callable[[Journal], str]
    broken: Mapping[str, RuleViolation]


def _settle_students(stays: Student, goes: Student, journal: Journal, by: str) -> None:
    if stays.is_blocked or goes.is_blocked:
        raise MergeRefused(sentence=WITHDRAWN)
    if (stays.health_limits, stays.disability) != (goes.health_limits, goes.disability):
        raise MergeRefused(sentence=SPECIAL_DIFFER)
    _one_account(stays, goes, journal)
    if goes.is_address_protected:
        journal.change(stays, is_address_protected=True)
    _settle_special(stays, goes)
    _refuse_one_draft(stays, goes)
    links = {link.guardian_id: link for link in stays.guardian_links.all()}
    for link in goes.guardian_links.all():
        if link.guardian_id in links:
            _join_links(links[link.guardian_id], link, journal)
    _one_current_consent(journal, Consent.objects.filter(subject_kind="learner"), "student", stays, goes)


def _settle_special(stays: Student, goes: Student) -> None:
    """Of two records of special facts the one that stays must tell everything that the other tells."""
    ours = StudentSpecial.objects.filter(student=stays).first()
    theirs = StudentSpecial.objects.filter(student=goes).first()
    if ours is None or theirs is None:
        return
    names = [one.name for one in StudentSpecial._meta.concrete_fields if one.name not in _SERVICE]
    if any(getattr(theirs, name) not in (None, "", [], getattr(ours, name)) for name in names):
        raise MergeRefused(sentence=SPECIAL_DIFFER)


def _refuse_one_draft(stays: Student, goes: Student) -> None:
    drafted = OrderRow.objects.filter(order__status=Order.Status.DRAFT, is_annulled=False)
    both = drafted.filter(student=goes, order__in=drafted.filter(student=stays).values("order"))
    if row := both.select_related("order").first():
        raise MergeRefused(
            sentence=f"Обе карточки стоят в проекте приказа {row.order}. Уберите одну из строк, потом объедините их."
        )


def _join_links(kept: GuardianLink, given: GuardianLink, journal: Journal) -> None:
    """One child and one representative have one link; what a court has said stands on it."""
    ours = [getattr(kept, name) for name in _RESTRICTION]
    theirs = [getattr(given, name) for name in _RESTRICTION]
    if any(theirs) and any(ours) and ours != theirs:
        raise MergeRefused(sentence=SPECIAL_DIFFER)
    fresh = dict(zip(_RESTRICTION, theirs, strict=True)) if any(theirs) else {}
    if not kept.relation and given.relation:
        fresh["relation"] = given.relation
    journal.delete(given)
    journal.change(kept, **fresh)


def _settle_guardians(stays: Guardian, goes: Guardian, journal: Journal, by: str) -> None:
    if stays.consent_withdrawn_on or goes.consent_withdrawn_on:
        raise MergeRefused(sentence=WITHDRAWN)
    _one_account(stays, goes, journal)
    links = {link.student_id: link for link in stays.links.all()}
    for link in goes.links.all():
        if link.student_id in links:
            _join_links(links[link.student_id], link, journal)
    _one_current_consent(journal, Consent.objects.filter(subject_kind="guardian"), "guardian", stays, goes)


def _settle_staff(stays: StaffMember, goes: StaffMember, journal: Journal, by: str) -> None:
    if stays.consent_withdrawn_on or goes.consent_withdrawn_on:
        raise MergeRefused(sentence=WITHDRAWN)
    _one_account(stays, goes, journal)
    if goes.dismissed_on is not None and goes.hire_date != stays.hire_date:
        keep_employment(goes, by=by)  # a former employment stays on the card as a row
    _one_current_consent(journal, Consent.objects.filter(subject_kind="employee"), "employee_id", stays, goes)
    journal.move(Consent, "employee_id", of=goes.pk, to=stays.pk)
    journal.move(ResponsiblePerson, "staff_id", of=goes.pk, to=stays.pk)


def _one_account(stays: Any, goes: Any, journal: Journal) -> None:
    """The login goes with the person. Raises: MergeRefused."""
    if goes.account_id is None or goes.account_id == stays.account_id:
        return
    if stays.account_id is not None:
        raise MergeRefused(sentence=TWO_ACCOUNTS)
    account = goes.account_id
    journal.change(goes, account_id=None)
    journal.change(stays, account_id=account)


def _one_current_consent(journal: Journal, of_kind: Any, column: str, stays: Any, goes: Any) -> None:
    """Of each kind the consent given last is the current one; its day is what the card repeats."""
    ours = {one.kind: one for one in of_kind.filter(**{column: stays.pk}, is_current=True)}
    for theirs in of_kind.filter(**{column: goes.pk}, is_current=True):
        own = ours.get(theirs.kind)
        if own is not None:
            later, earlier = (own, theirs) if own.signed_on >= theirs.signed_on else (theirs, own)
            journal.change(earlier, is_current=False)
        else:
            later = theirs
        if later.is_processing:
            journal.change(stays, consent_on=later.signed_on, consent_withdrawn_on=later.withdrawn_on)


def _annul(card: Model, journal: Journal) -> None:
    journal.change(card, is_annulled=True)


def _take_away(guardian: Guardian, journal: Journal) -> None:
    """Nothing names him any more, and his name with the telephone would forbid the same to the card that stays."""
    journal.delete(guardian)


def _tell_registry(student_id: uuid.UUID) -> None:
    hand_up(list(Enrollment.objects.filter(student=student_id).values_list("pk", flat=True)))


def _nobody_asks(card_id: uuid.UUID) -> None:
    """The registry keeps no representatives and no employees."""


def _later_orders(journal: Journal) -> str:
    places = journal.moved_keys(Enrollment)
    rows = OrderRow.objects.filter(enrollment__in=places).exclude(pk__in=journal.moved_keys(OrderRow))
    standing = rows.exclude(order__status=Order.Status.ANNULLED).select_related("order")
    row = standing.order_by("order__issued_on").first()
    return f"после него подготовлен приказ {row.order}" if row else ""


def _nothing_later(journal: Journal) -> str:
    return ""


RULES: Final[Mapping[str, MergeRules]] = {
    "student": MergeRules(
        settle=_settle_students,
        retire=_annul,
        follow=_tell_registry,
        later=_later_orders,
        broken={"enrollment_one_open_basic": MergeRefused(sentence=TWO_PLACES)},
    ),
    "guardian": MergeRules(
        settle=_settle_guardians, retire=_take_away, follow=_nobody_asks, later=_nothing_later, broken={}
    ),
    "staff": MergeRules(settle=_settle_staff, retire=_annul, follow=_nobody_asks, later=_nothing_later, broken={}),
}
CANNOT_RETURN: Final = MergeNotUndone(why="с тех пор записаны сведения, с которыми прежние карточки не сходятся")
