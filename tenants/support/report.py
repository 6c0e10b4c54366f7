"""What the support service looked at under a case, from the organization's own log. Source: R-031, R-032."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db.models import Count, QuerySet, Sum
from django.utils import timezone

from shared.access.support.models import SupportCase
from shared.audit.actions import action_label
from shared.documents.columns import Column, Value
from tenants.history.models import HistoryEvent

COLUMNS: Final = (
    Column("Когда", 18),
    Column("Кто", 32),
    Column("Действие", 20),
    Column("Что открыто", 40),
    Column("Строк с людьми", 12, "int"),
    Column("Номер записи", 38),
)
PAGES: Final = {
    "home:index": "Главная",
    "home:palette": "Быстрый поиск",
    "people:list": "Список обучающихся",
    "people:peek": "Сведения обучающегося в списке",
    "people:card": "Карточка обучающегося",
    "groups:list": "Классы и группы",
    "groups:detail": "Список класса, группы",
    "orders:list": "Список приказов",
    "orders:detail": "Приказ",
    "movement:book": "Книга движения",
}


@dataclass(frozen=True, slots=True)
class Totals:
    pages: int
    rows: int


def looked_at(case: SupportCase) -> QuerySet[HistoryEvent]:
    """Everything recorded under the case, in the order it happened; in the organization's scope."""
    under = HistoryEvent.objects.filter(at__gte=case.opened_at, facts__support_case=str(case.number))
    return (under.filter(at__lte=case.closed_at) if case.closed_at else under).order_by("id")


def totals(case: SupportCase) -> Totals:
    found = looked_at(case).order_by().aggregate(pages=Count("pk"), rows=Sum("rows"))
    return Totals(found["pages"], found["rows"] or 0)


def line(event: HistoryEvent) -> list[Value]:
    """One look as the page, the sheet and the paper show it."""
    return [
        f"{timezone.localtime(event.at):%d.%m.%Y %H:%M:%S}",
        event.actor_name,
        action_label(event.action),
        page_name(event),
        event.rows,
        event.object_id,
    ]


def page_name(event: HistoryEvent) -> str:
    """The page in words; one without words is named by its address, what is no page by what was done."""
    known = PAGES.get(event.facts.get("page", ""), "")
    return known or str(event.facts.get("path", "")) or action_label(event.action)


def head(case: SupportCase) -> str:
    """The case in one line, for the imprint."""
    opened, ends = (f"{timezone.localtime(moment):%d.%m.%Y %H:%M}" for moment in (case.opened_at, case.ends_at))
    taken = f"инженер: {case.taken_by}" if case.taken_by else "инженер не назначен"
    return (
        f"Открыто {opened}, {case.opened_by}; действовало до {ends}; {taken}; "
        f"показано строк {case.rows_seen} из {case.rows_budget}; {str(case.state.label).lower()}"
    )
