"""What is asked of a log: a period, a person, an action, a kind of object, words of the reason or the name."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone

from shared.access.searches import recalled_search
from shared.audit.actions import LABELS, action_label
from shared.audit.models import Event
from shared.audit.queries import EventQuerySet
from shared.logbook.words import kind_label

FILTERS: Final = ("since", "until", "action", "kind", "actor")
PAGE: Final = 50
MOST_IN_FILE: Final = 10_000
USUAL_DAYS: Final = 30


class _Asked(forms.Form):
    since = forms.DateField(required=False)
    until = forms.DateField(required=False)
    action = forms.CharField(required=False, max_length=40)
    kind = forms.CharField(required=False, max_length=63)
    actor = forms.CharField(required=False, max_length=200)
    before = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)


@dataclass(frozen=True, slots=True)
class Question:
    """The filters in force."""

    since: datetime.date
    until: datetime.date
    action: str = ""
    kind: str = ""
    actor: str = ""
    text: str = ""
    before: int | None = None

    @property
    def is_narrowed(self) -> bool:
        return bool(self.action or self.kind or self.actor or self.text)

    def narrow(self, log: EventQuerySet) -> EventQuerySet:
        """The records asked for, the newest first."""
        found = log.since(self.since).until(self.until).order_by("-id")
        exact = {"action": self.action, "object_kind": self.kind, "actor": self.actor}
        found = found.filter(**{name: value for name, value in exact.items() if value})
        if self.text:
            found = found.filter(Q(reason__icontains=self.text) | Q(actor_name__icontains=self.text))
        return found

    def page(self, log: EventQuerySet) -> tuple[list[Event], int | None]:
        """One page by key, and the key the next one begins before (None: this is the last)."""
        return self.page_of_all(self.narrow(log))

    def page_of_all(self, found: EventQuerySet) -> tuple[list[Event], int | None]:
        """The same of records that are narrowed already, whatever their period."""
        found = found.order_by("-id")
        if self.before is not None:
            found = found.filter(id__lt=self.before)
        events: list[Any] = list(found[: PAGE + 1])
        return events[:PAGE], events[PAGE - 1].pk if len(events) > PAGE else None

    def words(self, who: str = "") -> str:
        """The filters as a file names them; the text of a search is not repeated there."""
        parts = [f"с {self.since:%d.%m.%Y} по {self.until:%d.%m.%Y}"]
        if self.action:
            parts.append(action_label(self.action).lower())
        if self.kind:
            parts.append(kind_label(self.kind).lower())
        if self.actor:
            parts.append(who or self.actor)
        return ", ".join(parts)


def question_of(request: HttpRequest) -> Question:
    """The filters of the address; a broken one is as good as none."""
    form = _Asked(request.GET)
    form.is_valid()
    asked = form.cleaned_data
    today = timezone.localdate()
    until = asked.get("until") or today
    return Question(
        since=asked.get("since") or until - datetime.timedelta(days=USUAL_DAYS),
        until=until,
        action=asked.get("action", ""),
        kind=asked.get("kind", ""),
        actor=asked.get("actor", ""),
        text=recalled_search(request),
        before=asked.get("before"),
    )


def action_choices() -> list[tuple[str, str]]:
    return sorted(LABELS.items(), key=lambda one: one[1])


def kind_choices(kinds: Iterable[str]) -> list[tuple[str, str]]:
    """Kinds of objects by their names."""
    return sorted(((kind, kind_label(kind)) for kind in kinds), key=lambda one: one[1])
