"""The register of certificates and the print log as lists: a page of them, all of them for a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.utils import timezone

from shared.access.requests import actor_of
from shared.access.searches import PARAMETER, recalled_search, without
from shared.documents.columns import Column, Value
from tenants.papers.forms import LogFilter, RegisterFilter
from tenants.papers.hard_copies import hard_copies
from tenants.papers.models import Certificate, PaperKind, Printing

PAGE_SIZE: Final = 50
READ: Final = "papers.read"
COLUMNS: Final = (
    Column("№", 8, "int"),
    Column("Дата", 12, "date"),
    Column("Кому", 36),
    Column("Вид", 28),
    Column("Для предъявления", 28),
    Column("Цель", 28),
    Column("Подписал", 30),
    Column("Выдал", 28),
    Column("Состояние", 26),
    Column("Напечатана", 22),
)
LOG_COLUMNS: Final = (
    Column("Экз.", 12),
    Column("Когда", 17),
    Column("Вид", 26),
    Column("Что напечатано", 36),
    Column("Человек", 10, "int"),
    Column("Кто напечатал", 28),
    Column("Кто заверяет", 34),
    Column("Где экземпляр", 16),
    Column("Место хранения", 28),
    Column("Срок хранения", 44),
    Column("Акт", 24),
)


class Listing:
    """What both lists share: filters in the address, years of the choice."""

    form: type[RegisterFilter] = RegisterFilter

    def __init__(self, request: HttpRequest, *, search: str | None = None) -> None:
        self.query: QueryDict = request.GET
        self.actor = actor_of(request)
        self.search = recalled_search(request) if search is None else search
        self.asked: dict[str, Any] = self.form.of(request.GET)  # Any: a code or a year

    @property
    def years(self) -> list[int]:
        this = timezone.localdate().year
        return list(range(this, this - 6, -1))

    @property
    def is_narrowed(self) -> bool:
        return bool(self.search or any(self.asked.values()))

    @property
    def without_search(self) -> str:
        return without(self.query, PARAMETER)

    def filters_text(self, kinds: dict[str, str], states: dict[str, str]) -> str:
        """The conditions in words, for the imprint of a file."""
        asked = self.asked
        words = [kinds.get(asked["kind"], ""), states.get(asked["status"], "")]
        words.append(f"{asked['year']} год" if asked["year"] else "")
        words.append(f"поиск «{self.search}»" if self.search else "")
        found = ", ".join(filter(None, words))
        return f"Отбор: {found}" if found else ""


class CertificateListing(Listing):
    """Журнал выдачи справок."""

    @property
    def found(self) -> QuerySet[Certificate]:
        asked = {name: value for name, value in self.asked.items() if value}
        reached = Certificate.objects.seen_by(self.actor, READ).filter(**asked)
        return reached.found_by(self.search).select_related("student").order_by("-year", "-number")

    def page(self) -> Page[Certificate]:
        return Paginator(self.found, PAGE_SIZE).get_page(self.query.get("page"))

    @property
    def words(self) -> str:
        return self.filters_text(dict(PaperKind.choices), dict(Certificate.Status.choices))

    def rows(self) -> Iterator[list[Value]]:
        for one in self.found:
            yield [
                one.number,
                one.issued_on,
                one.shown_holder,
                one.get_kind_display(),
                one.destination,
                one.purpose,
                f"{one.signer_post}, {one.signer_name}",
                one.issued_by,
                state_text(one),
                prints_text(one),
            ]


class PrintLog(Listing):
    """Журнал печати."""

    form = LogFilter

    @property
    def found(self) -> QuerySet[Printing]:
        names = {"kind": "kind", "status": "state", "year": "year"}
        asked = {names[name]: value for name, value in self.asked.items() if value}
        return Printing.objects.seen_by(self.actor, READ).filter(**asked).order_by("-year", "-number")

    def page(self) -> Page[Printing]:
        return Paginator(self.found, PAGE_SIZE).get_page(self.query.get("page"))

    @property
    def words(self) -> str:
        return self.filters_text(dict(PaperKind.choices), dict(Printing.State.choices))

    def rows(self) -> Iterator[list[Value]]:
        for one in self.found:
            yield [
                one.copy,
                f"{timezone.localtime(one.printed_at):%d.%m.%Y %H:%M}",
                one.get_kind_display() + (", повторно" if one.is_repeat else ""),
                one.title,
                one.rows,
                one.made_by,
                one.certified_by,
                one.get_state_display(),
                one.handed_to or one.place,
                hard_copies()[one.kind].term_text,
                f"№ {one.act_number} от {one.act_on:%d.%m.%Y}" if one.act_on else "",
            ]


def state_text(one: Certificate) -> str:
    """«Аннулирована 20.11.2026: ошибка в фамилии»."""
    if one.annulled_on is None:
        return one.get_status_display()
    return f"{one.get_status_display()} {one.annulled_on:%d.%m.%Y}: {one.annulled_reason}"


def prints_text(one: Certificate) -> str:
    """How often it was printed; every print after the first is a duplicate."""
    if one.print_count < 2:
        return "Да" if one.print_count else "Нет"
    return f"Дубликат, печатей: {one.print_count}"
