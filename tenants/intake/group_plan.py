"""Classes and groups that a file names: found, created, filled in. Source: INTERFACES 5, the columns of the group."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from shared.classifiers.catalog import load_catalog
from shared.kernel.ids import new_id
from tenants.groups.models import Group
from tenants.intake.fields import PlaceRow
from tenants.intake.known import GROUP_ATTRIBUTES, GroupName, GroupState, Known, group_name_of
from tenants.intake.models import Verdict
from tenants.intake.plan import Plan, Read

KIND_OF_PROGRAM: Final = {program: str(kind.value) for kind, program in Group.PROGRAM_KIND_OF.items()}
_CLASSIFIERS: Final = {
    "direction": "program_direction",
    "age_band": "age_band",
    "stay_regime": "stay_regime",
    "financing": "financing_kind",
}


@dataclass(slots=True)
class _Said:
    """The value that decides an attribute and the row that said it first."""

    value: str
    read: Read


class GroupPlan:
    """The groups of the rows. ``gather`` comes before the rows are decided, ``finish`` after."""

    def __init__(self, known: Known, plan: Plan) -> None:
        self._groups = known.groups
        self._plan = plan
        self._said: dict[tuple[GroupName, int], dict[str, _Said]] = {}

    def gather(self, reads: Iterable[Read]) -> None:
        """The first non-empty row decides an attribute; another value in a later row is a warning."""
        for read in reads:
            row = read.row
            if row is None:
                continue
            said = self._said.setdefault((group_name_of(row), row.academic_year), {})
            for attribute, header in GROUP_ATTRIBUTES.items():
                value = getattr(row, attribute)
                if not value:
                    continue
                first = said.setdefault(attribute, _Said(value, read))
                if first.value != value:
                    read.warn(
                        header,
                        f"У «{row.group_name}» в строке {first.read.number} указано «{shown(attribute, first.value)}», "
                        f"а здесь «{shown(attribute, value)}». Принято первое значение.",
                    )

    def take(self, row: PlaceRow) -> GroupState:
        """The group of the row in its academic year, created or shown again when it is not there."""
        key = (group_name_of(row), row.academic_year)
        group = self._groups.get(key)
        if group is None:
            attributes = dict.fromkeys(GROUP_ATTRIBUTES, "")
            group = GroupState(new_id(), key[0], row.academic_year, attributes)
            self._groups[key] = group
            self._create(group, row)
        elif group.is_hidden:
            group.is_hidden = False
            self._plan.restore(Group, group.id, **group.attributes)
        return group

    def _create(self, group: GroupState, row: PlaceRow) -> None:
        self._plan.create(
            Group,
            group.id,
            kind=KIND_OF_PROGRAM[row.program_kind],
            academic_year=row.academic_year,
            name=row.group_name,
            grade=row.grade,
            letter=row.letter,
            program=row.program,
            **group.attributes,
            places=None,
            is_annulled=False,
        )

    def finish(self, *, update: bool) -> None:
        """Fill in what groups lack; where they say something else, warn, and obey the file only when it updates."""
        for key, said in self._said.items():
            group = self._groups.get(key)
            if group is None or group.is_hidden:
                continue
            for attribute, first in said.items():
                held = group.attributes[attribute]
                if held == first.value or first.read.verdict == Verdict.REFUSED:
                    continue
                if held:
                    tail = "Принято значение файла." if update else "Оставлено прежнее значение."
                    first.read.warn(
                        GROUP_ATTRIBUTES[attribute],
                        f"У «{group.name[1]}» уже указано «{shown(attribute, held)}», "
                        f"а в файле «{shown(attribute, first.value)}». {tail}",
                    )
                if update or not held:
                    self._plan.set(Group, group.id, **{attribute: (held, first.value)})
                    group.attributes[attribute] = first.value


def shown(attribute: str, code: str) -> str:
    """The label of a code of a group's attribute."""
    catalog = load_catalog()
    names = [_CLASSIFIERS[attribute]] if attribute in _CLASSIFIERS else []
    if attribute == "class_type":
        names = ["class_type", "group_orientation"]
    for name in names:
        for item in catalog[name]:
            if item.code == code:
                return item.label
    return code
