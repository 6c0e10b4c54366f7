"""The list of users of a workplace: one page of it for the screen, all of it for a file."""

from __future__ import annotations

from collections.abc import Iterator

from django.core.paginator import Page, Paginator
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, QueryDict
from django.utils import timezone

from shared.access.roles import FAMILY_ROLES, role_facts
from shared.access.searches import PARAMETER, recalled_search, without
from shared.accounts.models import Account
from shared.appointments.queries import AppointmentLine, PersonLine, matching, people_of, person_line
from shared.appointments.workplaces import Workplace
from shared.documents.columns import Column, Value

PAGE_SIZE = 50
FILTERS = ("role", "kind", "state")
KINDS = [("", "Работники"), ("family", "Обучающиеся и родители"), ("all", "Все")]
STATES = [("", "Действующие"), ("ended", "Завершившие работу"), ("all", "Все")]
COLUMNS = (
    Column("№ п/п", 6, "int"),
    Column("Ф.И.О.", 34),
    Column("Логин", 20),
    Column("Роль", 30),
    Column("Классы, группы", 22),
    Column("Приказ", 26),
    Column("Действует", 34),
    Column("Состояние", 16),
    Column("Последний вход", 15, "date"),
)


class PeopleListing:
    """What the address asks for; of an address without anything, the staff whose appointments have not ended."""

    def __init__(self, request: HttpRequest, place: Workplace) -> None:
        self.query: QueryDict = request.GET
        self.search = recalled_search(request)
        self.place = place
        self.day = timezone.localdate()
        self.role = self._chosen("role", place.known_roles)
        self.kind = self._chosen("kind", {code for code, _ in KINDS}) if place.organization_id else "all"
        self.state = self._chosen("state", {code for code, _ in STATES})

    def _chosen(self, name: str, known: set[str] | frozenset[str]) -> str:
        value = self.query.get(name, "")
        return value if value in known else ""

    @property
    def found(self) -> QuerySet[Account]:
        grants = self.place.grants()
        if self.role:
            grants = grants.filter(role=self.role)
        elif self.kind != "all":
            family = Q(role__in=FAMILY_ROLES)
            grants = grants.filter(family if self.kind == "family" else ~family)
        lasting = grants.filter(Q(valid_to=None) | Q(valid_to__gt=self.day)).exclude(valid_to=F("valid_from"))
        people = people_of(self.place).filter(pk__in=grants.values("account"))
        if self.state == "":
            people = people.filter(pk__in=lasting.values("account"))
        elif self.state == "ended":
            people = people.exclude(pk__in=lasting.values("account"))
        return matching(people, self.search)

    def page(self) -> Page[Account]:
        return Paginator(self.found, PAGE_SIZE).get_page(self.query.get("page"))

    def lines(self, people: QuerySet[Account] | Page[Account]) -> list[PersonLine]:
        return [person_line(account, self.day) for account in people]

    def rows(self) -> Iterator[list[Value]]:
        """Rows of the file, one an appointment."""
        number = 0
        for person in self.lines(self.found):
            for line in person.appointments:
                if self.state == "" and line.is_ended:
                    continue
                number += 1
                yield _row(number, person.account, line)

    @property
    def is_narrowed(self) -> bool:
        return bool(self.search or self.role or self.state or self.kind not in ("", "all"))

    @property
    def filters_text(self) -> str:
        """The conditions in words, for the imprint."""
        words = [dict(KINDS)[self.kind], dict(STATES)[self.state]] if self.place.organization_id else []
        if self.role:
            words.append(role_facts()[self.role].label)
        if self.search:
            words.append(f"поиск «{self.search}»")
        return ", ".join([*words, f"на {self.day:%d.%m.%Y}"])

    @property
    def without_search(self) -> str:
        return without(self.query, PARAMETER)


def _row(number: int, account: Account, line: AppointmentLine) -> list[Value]:
    entered = timezone.localdate(account.last_entered_at) if account.last_entered_at else None
    who: list[Value] = [number, account.full_name, account.login, line.title, line.groups]
    return [*who, line.order, line.period, line.state[1], entered]
