"""Which cards are counted today, whose they are, and which of them a person's rights reach."""

from __future__ import annotations

import datetime
import uuid
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.utils import timezone

from shared.access.actors import Actor
from shared.cards.kinds import CardKind
from shared.quality.currency import CURRENCY
from tenants.cards.kinds import KINDS
from tenants.groups.models import Group
from tenants.orders.models import Enrollment, Placement
from tenants.organization.services import cards as organization_cards
from tenants.people.models import Guardian, GuardianLink, Student
from tenants.staff.models import StaffMember

READ: Final = "quality.read"
Cards = QuerySet[Any]  # Any: cards of one kind each
Groups = dict[uuid.UUID, set[uuid.UUID]]  # card → its classes of today
LISTED: Final = ("student", "guardian", "staff")  # there is one organization card, it needs no list


def counted(kind: CardKind, today: datetime.date) -> Cards:
    """Cards that must be full today: of those who learn or work here and whose consent opens the card."""
    if kind.code == "student":
        return Student.objects.known().filter(pk__in=Enrollment.objects.on(today).values("student"))
    if kind.code == "guardian":
        return _guardians(today).agreed()
    if kind.code == "staff":
        return StaffMember.objects.working_on(today).unsealed()
    return organization_cards()


def sealed(kind: CardKind, today: datetime.date) -> Cards:
    """Cards of those who learn or work here that wait for a consent: they cannot be filled and are counted apart."""
    if kind.code == "guardian":
        return _guardians(today).sealed()
    if kind.code == "staff":
        return StaffMember.objects.working_on(today).sealed()
    return kind.model._default_manager.none()


def _guardians(today: datetime.date) -> Any:  # Any: the query set of another room
    learners = KINDS["student"]
    links = GuardianLink.objects.filter(student__in=counted(learners, today).values("pk"))
    return Guardian.objects.filter(pk__in=links.values("guardian"))


def kinds_for(actor: Actor) -> list[CardKind]:
    """The kinds of cards of which a person may see more than his own."""
    return [kind for kind in KINDS.values() if _reaches_many(actor, kind)]


def within(actor: Actor, kind: CardKind, today: datetime.date) -> Cards:
    """Counted cards in the reach of both rights: to the quality of data and to the cards themselves."""
    readable = kind.reached(actor, kind.reads).order_by()
    watched = kind.reached(actor, READ).order_by()
    return counted(kind, today).filter(pk__in=watched.values("pk")).filter(pk__in=readable.values("pk"))


def sees_everything(actor: Actor) -> bool:
    """Whether figures of the whole organization are this person's figures."""
    right = actor.right(READ)
    return right is not None and right.is_everywhere


def _reaches_many(actor: Actor, kind: CardKind) -> bool:
    """A right to one's own card is no right to count the others'."""
    quality, cards = actor.right(READ), actor.right(kind.reads)
    if quality is None or cards is None:
        return False
    if kind.code in ("staff", "organization"):
        return quality.is_everywhere and cards.is_everywhere
    return True


def groups_of_learners(today: datetime.date) -> Groups:
    """Learner → his groups of today."""
    placed: Groups = {}
    for student, group in Placement.objects.on(today).values_list("enrollment__student_id", "group_id"):
        placed.setdefault(student, set()).add(group)
    return placed


def groups_of_guardians(learners: Groups) -> Groups:
    """Representative → the groups of his children."""
    found: Groups = {}
    for guardian, student in GuardianLink.objects.order_by().values_list("guardian_id", "student_id"):
        if student in learners:
            found.setdefault(guardian, set()).update(learners[student])
    return found


def in_group(kind: CardKind, group: Group, today: datetime.date) -> Q:
    """The condition that a card belongs to a class today."""
    learners = Placement.objects.on(today).filter(group=group).values("enrollment__student_id")
    if kind.code == "student":
        return Q(pk__in=learners)
    if kind.code == "guardian":
        return Q(pk__in=GuardianLink.objects.filter(student__in=learners).values("guardian"))
    return Q(pk__in=[])


def is_stale(kind: CardKind, today: datetime.date) -> Q:
    """The condition that nobody has changed or confirmed a card since the set age. Source: R-037, R-049.

    A card that is confirmed yearly is stale until this school year's confirmation, whatever was changed in it.
    """
    day = CURRENCY.fresh_since(kind.code, today)
    unconfirmed = Q(confirmed_on=None) | Q(confirmed_on__lt=day)
    if kind.code in CURRENCY.yearly:
        return unconfirmed
    moment = timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))
    untouched = Q(updated_at__lt=moment)
    for path in side_tables(kind):
        untouched &= Q(**{f"{path}__isnull": True}) | Q(**{f"{path}__updated_at__lt": moment})
    return unconfirmed & untouched


def side_tables(kind: CardKind) -> list[str]:
    """Relations through which fields of a card stand in another table that tells its own last change."""
    steps = {field.path.split("__")[0] for field in kind.layout.fields.values() if "__" in field.path}
    models = {step: kind.model._meta.get_field(step).related_model for step in sorted(steps)}
    return [step for step, model in models.items() if any(one.name == "updated_at" for one in model._meta.fields)]  # type: ignore[union-attr]
