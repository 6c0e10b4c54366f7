"""The list of representatives: one page of it for the screen, all of it for a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import django_filters
from django.core.paginator import Page, Paginator
from django.db.models import Prefetch
from django.http import HttpRequest

from shared.access.actors import Actor
from shared.access.listings import PAGE_SIZE, AddressFilter, Listing
from shared.access.requests import actor_of
from shared.classifiers.catalog import load_catalog
from shared.documents.columns import Column, Value
from tenants.groups.models import Group
from tenants.people.models import Guardian, GuardianLink, Student
from tenants.people.places import PREFETCH
from tenants.people.queries import GuardianQuerySet

CONSENT: Final = (("given", "Согласие есть"), ("none", "Согласия нет"))
ACCOUNT: Final = (("yes", "Есть доступ"), ("no", "Нет доступа"))
SORTS: Final = {"name": ("sort_name", "id"), "-name": ("-sort_name", "-id")}
COLUMNS: Final = (
    Column("№ п/п", 6, "int"),
    Column("Ф.И.О. представителя", 38),
    Column("Кем приходится", 20),
    Column("Ребёнок", 38),
    Column("Класс, группа", 16),
    Column("Согласие от", 13, "date"),
    Column("Доступ в систему", 18),
)


class GuardianFilter(AddressFilter):
    """What the list of representatives is narrowed by."""

    search = django_filters.CharFilter(label="Слова из имени")
    group = django_filters.ModelChoiceFilter(label="Класс, группа ребёнка", queryset=Group.objects.known())
    consent = django_filters.ChoiceFilter(label="Согласие", choices=CONSENT)
    account = django_filters.ChoiceFilter(label="Доступ", choices=ACCOUNT)

    def filter_queryset(self, queryset: GuardianQuerySet) -> GuardianQuerySet:
        facts = self.facts()
        found = queryset.named_like(str(facts.get("search") or ""))
        if facts.get("group"):
            found = found.with_child_in(facts["group"].pk)
        if facts.get("consent"):
            found = found.agreed() if facts["consent"] == "given" else found.sealed()
        if facts.get("account"):
            found = found.filter(account_id__isnull=facts["account"] == "no")
        return found


@dataclass(frozen=True, slots=True)
class GuardianLine:
    """A representative with those of his children whom the reader may see."""

    guardian: Guardian
    links: list[GuardianLink]

    @property
    def consent(self) -> tuple[str, str]:
        """Kind and words of the mark."""
        if not self.guardian.is_sealed:
            return "ok", f"От {self.guardian.consent_on:%d.%m.%Y}"
        if self.guardian.consent_withdrawn_on is not None:
            return "bad", f"Отозвано {self.guardian.consent_withdrawn_on:%d.%m.%Y}"
        return "warn", "Нет согласия"

    @property
    def consent_words(self) -> str:
        """The same mark where no head of a column says what it is about."""
        words = self.consent[1]
        return words if self.consent[0] == "warn" else f"Согласие {words[0].lower()}{words[1:]}"


class GuardianListing(Listing[GuardianFilter]):
    """What the address asks for, as far as the person's right reaches."""

    filter_class = GuardianFilter
    sorts = SORTS

    def __init__(self, request: HttpRequest) -> None:
        self._actor = actor_of(request)
        super().__init__(request, Guardian.objects.seen_by(self._actor, "guardians.read"))

    @property
    def found(self) -> GuardianQuerySet:
        found: GuardianQuerySet = self.filter.qs
        return found.order_by(*self.order).prefetch_related(children_of(self._actor))

    def page(self) -> Page[Guardian]:
        return Paginator(self.found, PAGE_SIZE).get_page(self.query.get("page"))

    def lines(self, guardians: Iterable[Guardian]) -> Iterator[GuardianLine]:
        for guardian in guardians:
            yield GuardianLine(guardian, list(guardian.links.all()))

    def everything(self) -> Iterator[list[Value]]:
        """Rows of the file, one a child."""
        relations = dict(load_catalog().choices("guardian_relation"))
        for number, line in enumerate(self.lines(self.found), start=1):
            one = line.guardian
            agreed = None if one.is_sealed else one.consent_on
            for link in line.links:
                child = link.student
                words = [str(one), relations.get(link.relation, ""), child.full_name, child.group_name]
                yield [number, *words, agreed, "есть" if one.account_id else "нет"]

    @property
    def filters_text(self) -> str:
        words = self.conditions
        return f"Отбор: {', '.join(words)}" if words else "Все представители детей организации"


def children_of(actor: Actor) -> Prefetch[str]:
    """Links with the children whom the reader may see, and their classes, in a fixed number of queries."""
    reached = Student.objects.known().seen_by(actor, "guardians.read")
    links = GuardianLink.objects.filter(student__in=reached).select_related("student")
    return Prefetch(
        "links",
        links.prefetch_related(*(f"student__{name}" for name in PREFETCH)).order_by("student__sort_name", "id"),
    )
