"""Classes and groups: made by hand for a year, corrected while it runs. Source: ORGANIZATION 8."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from django.db import transaction

from shared.kernel.classlabel import group_name, parse_class_label
from shared.kernel.rules import constraint_means
from tenants.groups.errors import GradeHasPupils, GroupKnown, NotAClassName
from tenants.groups.models import Group
from tenants.handup.services import hand_up


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupFacts:
    """What is typed of a group; grade and letter of a class are read from its name."""

    kind: str
    academic_year: int
    name: str
    program: str = ""
    direction: str = ""
    class_type: str = ""
    age_band: str = ""
    stay_regime: str = ""
    financing: str = ""
    places: int | None = None


@transaction.atomic
def create_group(*, facts: GroupFacts) -> Group:
    """A new class or group of a year. Raises: NotAClassName, GroupKnown."""
    group = Group()
    _apply(group, facts)
    return group


@transaction.atomic
def edit_group(*, group: Group, facts: GroupFacts) -> Group:
    """Correct a group and tell the registry about every place in it.

    Raises: NotAClassName, GroupKnown, GradeHasPupils.
    """
    group = Group.objects.select_for_update(of=("self",)).get(pk=group.pk)
    held = list(group.placements.values_list("enrollment_id", flat=True))
    if held and (group.kind, group.academic_year) != (facts.kind, facts.academic_year):
        raise GradeHasPupils(name=group.name)
    _apply(group, facts)
    hand_up(held)
    return group


def _apply(group: Group, facts: GroupFacts) -> None:
    values = asdict(facts)
    values["name"] = group_name(facts.name)
    values |= {"grade": None, "letter": ""}
    if facts.kind == Group.Kind.CLASS:
        label = parse_class_label(facts.name)
        if label.grade is None:
            raise NotAClassName(name=facts.name)
        values |= {"grade": label.grade, "letter": label.letter, "name": label.name}
    for name, value in values.items():
        setattr(group, name, value)
    known = GroupKnown(name=group.name, year=facts.academic_year, next_year=facts.academic_year + 1)
    with constraint_means("group_once_a_year", known):
        group.save()
