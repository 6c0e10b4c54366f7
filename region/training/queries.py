"""Reads of registrations, claims and the operator's queue."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Final

from django.core.paginator import Page, Paginator
from django.db.models import Case, Q, QuerySet, Value, When
from django.http import Http404, HttpRequest, QueryDict
from django.utils import timezone

from region.training.groups import Subject
from region.training.models import Claim, Registration
from shared.access.requests import actor_of
from shared.access.searches import recalled_search
from shared.documents.columns import Column
from shared.documents.columns import Value as Cell
from shared.kernel.names import match_key
from shared.organizations import catalog
from shared.organizations.models import Organization

PAGE_SIZE: Final = 50
MOST_FOUND: Final = 8
STATES: Final = [("", "На проверке"), ("overdue", "Просроченные"), ("decided", "Рассмотренные"), ("all", "Все")]
COLUMNS: Final = (
    Column("№ п/п", 6, "int"),
    Column("Ф.И.О.", 34),
    Column("Что подтвердить", 34),
    Column("Место", 40),
    Column("Должность", 24),
    Column("Приказ", 24),
    Column("Подано", 12, "date"),
    Column("Рассмотреть до", 14, "date"),
    Column("Состояние", 16),
    Column("Кто решил", 30),
    Column("Причина отказа", 40),
)


def registration_of(request: HttpRequest) -> Registration | None:
    """The registration of who is asking, with his account; None if he has not registered."""
    mine = Registration.objects.filter(account=actor_of(request).account_id)
    return mine.select_related("account").first()


def claims_of(registration: Registration) -> list[Claim]:
    """Everything the person has asked for, the latest first: of jobs, the history."""
    return list(registration.claims.select_related("organization", "authority").order_by("-asked_at", "-pk"))


def organizations_named(text: str) -> tuple[list[Organization], int]:
    """The first organizations of the public catalog that have every word, and how many there are."""
    if not text.strip():
        return [], 0
    wanted = QueryDict(mutable=True)
    wanted["q"] = text.strip()[:100]
    page, _ = catalog.search(wanted)
    return list(page.object_list)[:MOST_FOUND], page.paginator.count


def workers_of(organizations: set[uuid.UUID]) -> QuerySet[Claim]:
    """The last named job of everybody who works in these organizations, with its state."""
    last = (
        Claim.objects.filter(subject=Subject.EMPLOYMENT, state__in=[Claim.State.WAITING, Claim.State.CONFIRMED])
        .order_by("registration", "-asked_at", "-pk")
        .distinct("registration")
        .values("pk")
    )
    found = Claim.objects.filter(pk__in=last, organization__in=organizations)
    return found.select_related("account", "organization").order_by("account__last_name", "account__first_name", "pk")


class Queue:
    """What waits for the operator, the most overdue first; of the decided, the latest first."""

    def __init__(self, request: HttpRequest) -> None:
        asked = request.GET.get("state", "")
        self.state = asked if asked in dict(STATES) else ""
        self.search = recalled_search(request)
        self._page = request.GET.get("page")

    @property
    def found(self) -> QuerySet[Claim]:
        claims = Claim.objects.select_related("registration__account", "organization", "authority")
        if self.state in ("", "overdue"):
            claims = claims.waiting()
        elif self.state == "decided":
            claims = claims.filter(state__in=[Claim.State.CONFIRMED, Claim.State.REFUSED])
        if self.state == "overdue":
            claims = claims.filter(due_on__lt=timezone.localdate())
        for word in match_key(self.search).split():
            claims = claims.filter(registration__name_key__contains=word)
        if self.state in ("", "overdue"):
            return claims.order_by("due_on", "asked_at", "pk")
        waiting_first = Case(When(Q(state=Claim.State.WAITING), then=Value(0)), default=Value(1))
        return claims.order_by(waiting_first, "-decided_at", "-asked_at", "pk")

    def page(self) -> Page[Claim]:
        return Paginator(self.found, PAGE_SIZE).get_page(self._page)

    def rows(self) -> Iterator[list[Cell]]:
        for number, claim in enumerate(self.found, start=1):
            order = f"№ {claim.order_number} от {claim.order_date:%d.%m.%Y}" if claim.order_date else ""
            who: list[Cell] = [number, str(claim.registration), claim.get_subject_display(), claim.place]
            when: list[Cell] = [timezone.localdate(claim.asked_at), claim.due_on, claim.get_state_display()]
            yield [*who, claim.position, order, *when, claim.decided_by, claim.reason]

    @property
    def filters_text(self) -> str:
        return dict(STATES)[self.state]


def counts() -> dict[str, int]:
    """How many wait, and how many of them too long."""
    waiting = Claim.objects.waiting()
    return {"waiting": waiting.count(), "overdue": waiting.filter(due_on__lt=timezone.localdate()).count()}


def claim_seen(claim_id: uuid.UUID) -> Claim:
    """A claim of the queue; Raises: Http404."""
    claim = (
        Claim.objects.select_related("registration__account", "organization__municipality", "authority")
        .filter(pk=claim_id)
        .first()
    )
    if claim is None:
        raise Http404
    return claim
