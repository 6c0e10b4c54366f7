"""Reads of people, named in domain words."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from shared.access.actors import Actor
from shared.access.rights import Reach
from shared.classifiers.catalog import load_catalog
from shared.kernel.names import sort_key

if TYPE_CHECKING:
    from tenants.people.models import Achievement, Guardian, GuardianLink, Student  # noqa: F401


@dataclass(frozen=True, slots=True)
class Place:
    """What a place must be like; empty ``status`` means held or left."""

    day: datetime.date
    status: str = ""
    program_kind: str = ""
    grade: int | None = None
    group_id: uuid.UUID | None = None


def legal_relations() -> list[str]:
    """Relations whose holder may sign for the child and see his card (mark ``legal`` of the classifier)."""
    return [item.code for item in load_catalog()["guardian_relation"] if item.facts.get("legal") is True]


class GuardianLinkQuerySet(QuerySet["GuardianLink"]):
    def legal(self) -> GuardianLinkQuerySet:
        """Who may act for the child: a relation by law that no court has restricted."""
        return self.filter(relation__in=legal_relations(), rights_restriction="")


class GuardianQuerySet(QuerySet["Guardian"]):
    def seen_by(self, actor: Actor, capability: str) -> GuardianQuerySet:
        """Those who represent a child that the person's right reaches; one without such a child does not exist."""
        children = _students().known().seen_by(actor, capability)
        links = apps.get_model("people", "GuardianLink")._default_manager.filter(student__in=children)
        return self.filter(pk__in=links.values("guardian"))

    def named_like(self, text: str) -> GuardianQuerySet:
        """Every word of ``text`` stands somewhere in the name."""
        found = self
        for word in sort_key(text).split():
            found = found.filter(sort_name__contains=word)
        return found

    def with_child_in(self, group_id: uuid.UUID) -> GuardianQuerySet:
        """Those whose child is in the class today."""
        links = apps.get_model("people", "GuardianLink")._default_manager
        return self.filter(pk__in=links.filter(student__in=_students().in_groups([group_id])).values("guardian"))

    def agreed(self) -> GuardianQuerySet:
        """Those whose consent is in force: the others are sealed."""
        return self.exclude(consent_on=None).filter(consent_withdrawn_on=None)

    def sealed(self) -> GuardianQuerySet:
        return self.filter(Q(consent_on=None) | Q(consent_withdrawn_on__isnull=False))


class AchievementQuerySet(QuerySet["Achievement"]):
    def seen_by(self, actor: Actor, capability: str) -> AchievementQuerySet:
        """Those of the learners whom the person's right reaches."""
        return self.filter(student__in=_students().known().rewarded_by(actor, capability))


def _students() -> StudentQuerySet:
    found: StudentQuerySet = apps.get_model("people", "Student")._default_manager.all()
    return found


def _enrollments() -> QuerySet[Any]:  # Any: the model stands above this module
    return apps.get_model("orders", "Enrollment")._default_manager.all()


class StudentQuerySet(QuerySet["Student"]):
    def known(self) -> StudentQuerySet:
        """Everyone who is shown: not hidden by an undone import, his consent not withdrawn."""
        return self.kept().filter(consent_withdrawn_on=None)

    def kept(self) -> StudentQuerySet:
        """The blocked too: for the family, for the person responsible, and where a second card must be refused."""
        return self.filter(is_annulled=False)

    def blocked(self) -> StudentQuerySet:
        """Those whose consent is withdrawn. Source: ORGANIZATION 3.3."""
        return self.kept().exclude(consent_withdrawn_on=None)

    def seen_by(self, actor: Actor, capability: str) -> StudentQuerySet:
        """Learners that a person's right reaches today: everybody, those of his classes, his own children.

        Whoever is outside the reach does not exist for him. Source: ORGANIZATION 4 (R-072, R-169).
        """
        right = actor.right(capability)
        if right is None:
            return self.none()
        if right.reach == Reach.ALL:
            return self
        if right.reach == Reach.OWN:
            return self.children_of(actor.account_id)
        return self.in_groups(right.groups)

    def rewarded_by(self, actor: Actor, capability: str) -> StudentQuerySet:
        """Learners whose achievements a person keeps: «свои записи» of a teacher are those of his groups.

        Source: ORGANIZATION 4 (achievements.edit: O of teachers is the own subject and group).
        """
        right = actor.right(capability)
        if right is not None and right.reach == Reach.OWN:
            return self.seen_by(actor, "students.list")
        return self.seen_by(actor, capability)

    def in_groups(self, groups: Collection[uuid.UUID]) -> StudentQuerySet:
        """Those who are in one of the classes today."""
        return self.filter(pk__in=self._in_groups(groups))

    def children_of(self, account_id: uuid.UUID) -> StudentQuerySet:
        """Children whom an account represents by law, or the learner whose own account it is."""
        return self.filter(pk__in=self._children_of(account_id))

    def _in_groups(self, groups: Collection[uuid.UUID]) -> QuerySet[Student, Any]:
        """Keys of those who are in one of the classes today."""
        day = timezone.localdate()
        held = Q(enrollments__left_on=None) | Q(enrollments__left_on__gt=day)
        until = Q(enrollments__placements__placed_to=None) | Q(enrollments__placements__placed_to__gt=day)
        here = Q(
            enrollments__is_annulled=False,
            enrollments__placements__group__in=groups,
            enrollments__placements__placed_from__lte=day,
        )
        return self.model.objects.filter(held, until, here).values("pk")

    def _children_of(self, account_id: uuid.UUID) -> QuerySet[Student, Any]:
        """Keys of the children whom this account represents by law, and of the learner whose own account it is."""
        from_links = Q(
            guardian_links__guardian__account_id=account_id,
            guardian_links__relation__in=legal_relations(),
            guardian_links__rights_restriction="",
        )
        return self.model.objects.filter(from_links | Q(account_id=account_id)).values("pk")

    def named_like(self, text: str) -> StudentQuerySet:
        """Every word of ``text`` stands somewhere in the name; ё and е, upper and lower case are equal."""
        found = self
        for word in sort_key(text).split():
            found = found.filter(sort_name__contains=word)
        return found

    def enrolled_on(self, day: datetime.date) -> StudentQuerySet:
        """Who has a place on ``day``."""
        held = Q(enrollments__left_on=None) | Q(enrollments__left_on__gt=day)
        return self.filter(held, enrollments__enrolled_on__lte=day, enrollments__is_annulled=False).distinct()

    def found_by(self, text: str, *, by_snils: bool) -> StudentQuerySet:
        """A search line: words of the name, or eleven digits of a СНИЛС for who may see one.

        Without that right a number finds nobody: an answer would confirm whose it is.
        """
        digits = "".join(filter(str.isdigit, text))
        is_number = by_snils and len(digits) == 11 and not any(map(str.isalpha, text))
        return self.filter(snils=digits) if is_number else self.named_like(text)

    def placed(self, place: Place) -> StudentQuerySet:
        """Who has, or had and left, such a place on a day; one place must fit every condition."""
        day = place.day
        begun = _enrollments().filter(is_annulled=False, enrolled_on__lte=day)
        held = Q(left_on=None) | Q(left_on__gt=day)
        fitting = begun.filter({"enrolled": held, "left": Q(left_on__lte=day)}.get(place.status, Q()))
        if place.program_kind:
            fitting = fitting.filter(program_kind=place.program_kind)
        if place.grade is not None or place.group_id is not None:
            fitting = fitting.filter(_grouped(place))
        found = self.filter(pk__in=fitting.values("student"))
        return found.exclude(pk__in=begun.filter(held).values("student")) if place.status == "left" else found


def _grouped(place: Place) -> Q:
    """The group of the day; of one who left, the group he left from."""
    until = Q(placements__placed_to=None) | Q(placements__placed_to__gt=place.day)
    last = Q(placements__placed_to=F("left_on"))
    here = Q(placements__placed_from__lte=place.day) & {"enrolled": until, "left": last}.get(place.status, until | last)
    if place.grade is not None:
        here &= Q(placements__group__grade=place.grade)
    if place.group_id is not None:
        here &= Q(placements__group=place.group_id)
    return here
