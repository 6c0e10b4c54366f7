"""The log inside one organization."""

from __future__ import annotations

from shared.audit.models import Event


class HistoryEvent(Event):
    """An event of this organization: changes of its rows, looks behind masks, lists taken away."""

    class Meta(Event.Meta):
        db_table = "history_event"
        verbose_name = "запись истории"
