"""The facts of a form as the registry holds them, for a territory on a day."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.db import connection

from shared.contingent.counts import Territory, filters_of, grouped_by
from shared.statforms.cube import GroupFact, LearnerRow

# Attributes belong to the group, so every one of its rows has the same; the form of study is that of most learners.
_GROUPS = """
select e.organization_id::text, e.group_id::text, min(e.group_name), min(e.academic_year)::text, min(e.program_kind),
  coalesce(min(e.grade)::text, ''), mode() within group (order by e.form_of_study), min(e.class_type),
  min(e.class_set), min(e.age_band), min(e.stay_regime), min(e.direction), min(e.financing), min(e.urban_rural),
  min(o.short_name), count(*)
from contingent_registryenrollment e join organizations_organization o on o.id = e.organization_id
where {conditions} and e.group_id is not null
group by e.organization_id, e.group_id
"""


class RegistryFacts:
    """``FactSource`` over the registry: one GROUP BY for learners, one for classes and groups."""

    def __init__(self, *, as_of: datetime.date, territory: Territory) -> None:
        self._as_of = as_of
        self._territory = territory

    def learners(
        self,
        dims: frozenset[str],
        *,
        age_on: datetime.date,
        with_people: bool = False,
        program_kinds: frozenset[str] | None = None,
    ) -> Iterable[LearnerRow]:
        names = sorted(dims)
        rows = grouped_by(
            names,
            as_of=self._as_of,
            age_on=age_on,
            territory=self._territory,
            where={"program_kind": sorted(program_kinds)} if program_kinds is not None else {},
            with_persons=with_people,
        )
        for row in rows:
            yield dict(zip(names, row.key, strict=True)), row.enrollments or 0, row.persons or 0

    def groups(self) -> Iterable[GroupFact]:
        conditions, parameters = filters_of(as_of=self._as_of, where={}, age_on=None, territory=self._territory)
        with connection.cursor() as cursor:
            cursor.execute(_GROUPS.format(conditions=conditions), parameters)
            rows = cursor.fetchall()
        for row in rows:
            is_preschool = row[4] == "preschool"
            yield GroupFact(
                organization_id=row[0],
                group_id=row[1],
                name=row[2],
                academic_year=row[3],
                program_kind=row[4],
                grade=row[5],
                form_of_study=row[6],
                class_type="" if is_preschool else row[7],
                orientation=row[7] if is_preschool else "",
                class_set=row[8],
                age_band=row[9],
                stay_regime=row[10],
                direction=row[11],
                financing=row[12],
                urban_rural=row[13],
                organization_name=row[14],
                learners=row[15],
            )
