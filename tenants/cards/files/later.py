"""What has become of the cards a file has made: an undo takes away those that nobody has worked with since.

The row history tells it: a card that was changed and brought back by another undo is again as the file left it.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final

from django.db.models import Model

from shared.audit.actions import CHANGED, CREATED
from shared.cards.kinds import CardKind
from tenants.cards.merging_journal import references
from tenants.consents.models import Consent
from tenants.history.models import HistoryEvent
from tenants.organization.models import ResponsiblePerson

HIDDEN: Final = "•••"  # what the log keeps of a column whose values it must not hold
# Tables that name a card without a foreign key.
_LOOSE: Final[Mapping[str, tuple[tuple[type[Model], str], ...]]] = {
    "staff": ((Consent, "employee_id"), (ResponsiblePerson, "staff_id")),
}


def last_event() -> int:
    """Where the log stands: everything that this transaction has recorded is not later."""
    return HistoryEvent.objects.order_by("-id").values_list("id", flat=True).first() or 0


def worked_with(kind: CardKind, cards: Collection[uuid.UUID], *, after: int) -> set[uuid.UUID]:
    """Those of the cards that were changed, or that got rows of their own or changed ones, after an event."""
    owner = {str(key): key for key in cards}
    naming = [(table, f"{column}__id") for table, column in references(kind.model)]
    for table, column in (*naming, *_LOOSE.get(kind.code, ())):
        rows = table._base_manager.filter(**{f"{column}__any_of": cards}).order_by()
        if any(one.name == "is_annulled" for one in table._meta.concrete_fields):
            rows = rows.filter(is_annulled=False)  # taken out of sight since, as an undo does with former values
        owner |= {str(key): card for key, card in rows.values_list("pk", column)}
    return {owner[key] for key in moved_rows(owner, after=after)}


def moved_rows(keys: Iterable[str], *, after: int) -> set[str]:
    """Rows that are new or say something else than at an event of the log; what was brought back is not told."""
    events = HistoryEvent.objects.filter(id__gt=after, object_id__any_of=list(keys)).order_by("id")
    moved: set[str] = set()
    net: dict[str, dict[str, list[Any]]] = defaultdict(dict)
    for key, action, changes in events.values_list("object_id", "action", "changes").iterator():
        if action == CREATED:
            moved.add(key)
        elif action == CHANGED:
            _add(net[key], changes or {})
    return moved | {key for key, columns in net.items() if any(_differs(pair) for pair in columns.values())}


def _add(columns: dict[str, list[Any]], changes: Mapping[str, list[Any]]) -> None:
    """The first of the old values and the last of the new ones; of a hidden column the log tells neither."""
    for column, (old, new) in changes.items():
        columns[column] = [columns.get(column, [old])[0], new]


def _differs(pair: list[Any]) -> bool:
    return pair[0] != pair[1] or pair[0] == HIDDEN
