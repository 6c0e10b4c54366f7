"""The lists of this room as files: cards with what they lack, classes, a sample to be checked against papers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from django.db.models import CharField, Value
from django.db.models.functions import MD5, Cast, Concat
from django.utils import timezone

from shared.cards.kinds import CardKind
from shared.documents.columns import Column
from shared.documents.columns import Value as Cell
from tenants.history.models import HistoryEvent
from tenants.quality.cards import Cards
from tenants.quality.counting import Filling
from tenants.quality.dashboard import Dashboard
from tenants.quality.listing import CardLine

SAMPLE: Final = 20
COLUMNS: Final = (
    Column("№ п/п", 6, "int"),
    Column("Ф.И.О.", 34),
    Column("Класс, группа", 14),
    Column("Заполнено", 11, "share"),
    Column("Чего не хватает", 60),
    Column("Кто отвечает", 34),
    Column("Замечаний проверок", 12, "int"),
    Column("Изменена или подтверждена", 14, "date"),
    Column("Устарела", 10),
)
REPORT_COLUMNS: Final = (
    Column("Карточки", 34),
    Column("Карточек", 10, "int"),
    Column("Заполнено", 11, "share"),
    Column("Целиком", 10, "int"),
    Column("Не хватает полей", 12, "int"),
    Column("Объяснено пропусков", 13, "int"),
    Column("Устарели", 10, "int"),
)
SAMPLE_COLUMNS: Final = (
    Column("№ п/п", 6, "int"),
    Column("Ф.И.О.", 34),
    Column("Класс, группа", 14),
    Column("Последнее изменение", 16),
    Column("Кто изменил", 26),
    Column("Основание", 36),
    Column("Сверено с документом, подпись", 26),
)


def card_rows(lines: Iterable[CardLine]) -> Iterator[list[Cell]]:
    for number, line in enumerate(lines, start=1):
        yield [
            number,
            str(line.card),
            line.groups,
            (line.due - len(line.lacking) - line.hidden) / line.due,
            line.lacks,
            "; ".join(line.keepers),
            len(line.doubts) + line.hidden_doubts,
            line.changed_on,
            "да" if line.is_stale else "",
        ]


def report_rows(found: Dashboard) -> Iterator[list[Cell]]:
    """Every kind of cards, then every class."""
    for one in found.fillings.values():
        yield _report_row(one.title, one)
    for line in found.by_group:
        yield _report_row(f"{line.group.name}: обучающиеся", line.learners)
        if line.guardians is not None and line.guardians.cards:
            yield _report_row(f"{line.group.name}: родители", line.guardians)


def sample(cards: Cards) -> Cards:
    """Some cards to be compared with papers: others every day, the same for everybody who asks on one day."""
    day = Value(timezone.localdate().isoformat())
    chance = MD5(Concat(Cast("pk", CharField()), day, output_field=CharField()))
    return cards.annotate(chance=chance).order_by("chance")[:SAMPLE]


def sample_rows(kind: CardKind, cards: Iterable[Any], groups: dict[Any, str]) -> Iterator[list[Cell]]:
    """Who changed each card last and on what ground, from the history; one query. Source: R-323."""
    listed = sorted(cards, key=lambda card: card.sort_name)
    keys = [str(card.pk) for card in listed]
    events = HistoryEvent.objects.filter(object_id__in=keys, object_kind=kind.model._meta.db_table)
    last = {one.object_id: one for one in events.order_by("object_id", "-id").distinct("object_id")}
    for number, card in enumerate(listed, start=1):
        event = last.get(str(card.pk))
        moment = f"{timezone.localtime(event.at):%d.%m.%Y %H:%M}" if event else ""
        who, why = (event.actor_name or event.actor, event.reason) if event else ("", "")
        yield [number, str(card), groups.get(card.pk, ""), moment, who, why, ""]


def _report_row(title: str, one: Filling) -> list[Cell]:
    share = one.filled / one.due if one.due else None
    return [title, one.cards, share, one.whole, one.lacking, one.explained, one.stale]
