"""Who must not come back: data destroyed by an act, a consent that was withdrawn.

Asked when a comparison is written down, shown and carried out: a consent may be withdrawn in between.
Source: 152-ФЗ ст. 21, ORGANIZATION 3.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final

from shared.audit.actions import CHANGED
from tenants.consents.blocking import DESTROYED
from tenants.consents.models import BlockedDecision
from tenants.history.models import HistoryEvent
from tenants.people.models import Student
from tenants.recovery.models import Difference
from tenants.recovery.queries import PEOPLE

WITHDRAWN: Final = "Согласие на обработку персональных данных отозвано {day}. Запись не возвращается."
DESTROYED_BY_ACT: Final = "Данные уничтожены по акту № {number} от {day}. Запись не возвращается."
DESTROYED_LONG_AGO: Final = "Данные уничтожены. Запись не возвращается."
OF_DESTROYED: Final = "Это представитель ученика, данные которого уничтожены. Запись не возвращается."
WITHDRAWN_SINCE: Final = "После дня копии согласие на обработку персональных данных отозвано. Запись не возвращается."
Bars = Mapping[uuid.UUID, str]


def bars_of(people: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Why the records of these people stay as they are, by person; a fixed number of queries."""
    asked = set(people)
    if not asked:
        return {}
    found: dict[uuid.UUID, str] = {}
    for model in PEOPLE:
        blocked = model._default_manager.filter(pk__any_of=asked, consent_withdrawn_on__isnull=False)
        for key, day in blocked.order_by().values_list("pk", "consent_withdrawn_on"):
            found[key] = WITHDRAWN.format(day=f"{day:%d.%m.%Y}")
    found |= dict.fromkeys(_destroyed(asked), DESTROYED_LONG_AGO)
    acts = BlockedDecision.objects.filter(decision=BlockedDecision.Decision.DESTROY)
    for student, number, day in acts.values_list("consent__student_id", "act_number", "decided_on"):
        if student in found:
            found[student] = DESTROYED_BY_ACT.format(number=number, day=f"{day:%d.%m.%Y}")
    return found


def _destroyed(students: Collection[uuid.UUID]) -> set[uuid.UUID]:
    last_name, first_name = DESTROYED
    emptied = Student.objects.filter(pk__any_of=students, last_name=last_name, first_name=first_name)
    return set(emptied.order_by().values_list("pk", flat=True))


def bars_of_missing(rows: Collection[tuple[str, uuid.UUID, Mapping[str, Any]]]) -> dict[uuid.UUID, str]:
    """The same of people who are gone themselves, by what the copy and the log say.

    ``rows``: part, key and the row of the copy, of everything that is missing.
    """
    people = {key: row for part, key, row in rows if part in ("student", "guardian", "staff")}
    days = {key: row["consent_withdrawn_on"] for key, row in people.items() if row.get("consent_withdrawn_on")}
    found = {key: WITHDRAWN.format(day=f"{datetime.date.fromisoformat(day):%d.%m.%Y}") for key, day in days.items()}
    links = [(uuid.UUID(row["guardian_id"]), uuid.UUID(row["student_id"])) for part, _, row in rows if part == "link"]
    destroyed = _destroyed({student for _, student in links})
    for guardian, student in links:
        if guardian in people and student in destroyed:
            found[guardian] = OF_DESTROYED
    withdrawn = HistoryEvent.objects.filter(
        object_kind__in=[model._meta.db_table for model in PEOPLE],
        object_id__any_of=[str(key) for key in people],
        action=CHANGED,
        changes__has_key="consent_withdrawn_on",
    )
    last: dict[uuid.UUID, Any] = {}
    for key, changes in withdrawn.order_by("id").values_list("object_id", "changes"):
        last[uuid.UUID(key)] = (changes or {})["consent_withdrawn_on"][1]
    return found | {key: WITHDRAWN_SINCE for key, day in last.items() if day and key not in found}


def bar_of(one: Difference, bars: Bars) -> str:
    """What forbids this record; '' when nothing does."""
    return one.barred or next((bars[person] for person in one.people if person in bars), "")


def people_of(found: Iterable[Difference]) -> set[uuid.UUID]:
    return {person for one in found for person in one.people}


def forget(kind: str, people: Collection[uuid.UUID]) -> None:
    """Empty what comparisons hold of destroyed people: nothing brings them back. For ``tenants.cards.forgetting``."""
    held = Difference.objects.filter(people__overlap=list(people)) if people else Difference.objects.none()
    held.update(old=None, live=None, title="", detail="", columns=[], changed_by="", barred=DESTROYED_LONG_AGO)
