"""Rows that a first draft begins with, by type of organization; the organization edits them.

Source: ORGANIZATION 4 (who does what by the regulations), 12.4; deadlines are a suggestion.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from shared.access.roles import Role
from tenants.duties.models import DataSet, Periodicity


@dataclass(frozen=True, slots=True)
class Suggested:
    """A row before it belongs to an order; ``due`` is month and day, of the second calendar year before September."""

    data_set: DataSet
    role: Role
    deadline: str
    periodicity: Periodicity = Periodicity.ON_CHANGE
    details: str = ""
    due: tuple[int, int] | None = None


_ACCESS = (
    Suggested(DataSet.ACCESS, Role.ORG_ADMIN, "в день приёма и в день увольнения"),
    Suggested(DataSet.CONSENTS, Role.SECRETARY, "до внесения сведений о ребёнке"),
)
_SCHOOL: Final = (
    Suggested(DataSet.CONTINGENT, Role.SECRETARY, "в течение 3 рабочих дней"),
    Suggested(DataSet.MOVEMENT, Role.SECRETARY, "в день издания приказа"),
    *_ACCESS,
    Suggested(DataSet.GROUPS, Role.DEPUTY_UVR, "до 5 сентября", Periodicity.ONCE, due=(9, 5)),
    Suggested(DataSet.TIMETABLE, Role.DEPUTY_UVR, "до 1 сентября, замены — накануне", due=(9, 1)),
    Suggested(DataSet.PLANS, Role.TEACHER, "до 10 сентября", Periodicity.ONCE, due=(9, 10)),
    Suggested(DataSet.JOURNAL, Role.TEACHER, "в день урока", Periodicity.DAILY),
    Suggested(DataSet.ATTENDANCE, Role.CLASS_TEACHER, "до конца учебного дня", Periodicity.DAILY),
    Suggested(DataSet.FINAL_MARKS, Role.TEACHER, "за 2 дня до конца четверти", Periodicity.TERM),
    Suggested(DataSet.SOCIAL, Role.SOCIAL_TEACHER, "до 15 сентября", due=(9, 15)),
    Suggested(DataSet.HEALTH, Role.NURSE, "до 1 октября", due=(10, 1)),
    Suggested(DataSet.FORMS, Role.COORDINATOR, "по срокам форм", Periodicity.ONCE),
    Suggested(DataSet.CONTROL, Role.COORDINATOR, "по пятницам", Periodicity.WEEKLY),
)
_PRESCHOOL: Final = (
    Suggested(DataSet.CONTINGENT, Role.ORG_ADMIN, "в течение 3 рабочих дней", details="основные данные детей"),
    Suggested(DataSet.MOVEMENT, Role.ORG_ADMIN, "в день издания приказа", details="книга движения"),
    *_ACCESS,
    Suggested(DataSet.GROUPS, Role.ORG_ADMIN, "до 5 сентября", Periodicity.ONCE, due=(9, 5)),
    Suggested(DataSet.CONTINGENT, Role.EDUCATOR, "до 15 сентября", details="своя группа и её родители", due=(9, 15)),
    Suggested(DataSet.ATTENDANCE, Role.EDUCATOR, "до 9 часов", Periodicity.DAILY),
    Suggested(DataSet.HEALTH, Role.NURSE, "до 1 октября", due=(10, 1)),
    Suggested(DataSet.FORMS, Role.COORDINATOR, "по срокам форм", Periodicity.ONCE),
    Suggested(DataSet.CONTROL, Role.COORDINATOR, "по пятницам", Periodicity.WEEKLY),
)
_SUPPLEMENTARY: Final = (
    Suggested(DataSet.MOVEMENT, Role.ORG_ADMIN, "в день издания приказа", details="прибытие и выбытие"),
    Suggested(DataSet.CONTINGENT, Role.ORG_ADMIN, "в течение 3 рабочих дней"),
    *_ACCESS,
    Suggested(DataSet.PROGRAMS, Role.METHODIST, "до 1 сентября", Periodicity.ONCE, due=(9, 1)),
    Suggested(DataSet.GROUPS, Role.SUPPL_TEACHER, "до 15 сентября", details="список группы", due=(9, 15)),
    Suggested(DataSet.JOURNAL, Role.SUPPL_TEACHER, "в день занятия", Periodicity.DAILY),
    Suggested(DataSet.ATTENDANCE, Role.SUPPL_TEACHER, "в день занятия", Periodicity.DAILY),
    Suggested(DataSet.CONTROL, Role.DEPUTY_UVR, "по пятницам", Periodicity.WEEKLY),
)
BY_TYPE: Final = {"preschool": _PRESCHOOL, "supplementary": _SUPPLEMENTARY}


def suggested_rows(org_type: str) -> tuple[Suggested, ...]:
    """The rows for a type of organization; every type without its own starts as a school."""
    return BY_TYPE.get(org_type, _SCHOOL)
