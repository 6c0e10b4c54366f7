"""People of a place with the state of their passwords, and the register of what was issued."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from shared.access.requests import actor_of
from shared.access.rights import Reach
from shared.accounts.models import Account, CredentialIssue
from shared.appointments.listing import PAGE_SIZE, PeopleListing
from shared.appointments.queries import people_of
from shared.appointments.workplaces import Workplace
from shared.documents.columns import Column, Value

PASSWORDS: Final = [("", "Все"), ("waiting", "Без своего пароля"), ("expired", "Срок истёк")]
HANDED: Final = [("", "Все"), ("no", "Не вручённые"), ("yes", "Вручённые")]
COLUMNS: Final = (
    Column("№ п/п", 6, "int"),
    Column("Кому", 34),
    Column("Логин", 20),
    Column("Класс, группа", 16),
    Column("Кто выдал", 30),
    Column("Выдан", 12, "date"),
    Column("Напечатан", 12, "date"),
    Column("Действует до", 12, "date"),
    Column("Вручён кому", 30),
    Column("Дата вручения", 14, "date"),
)


@dataclass(frozen=True, slots=True)
class Standing:
    """A person of the list: what of his password is known here."""

    account: Account
    issue: CredentialIssue | None
    roles: str

    @property
    def state(self) -> tuple[str, str]:
        """Kind and words of the status mark. Only here an expired password is called so: a stranger is not told."""
        account = self.account
        until = timezone.localdate(account.one_time_until) if account.one_time_until else None
        if not account.is_active:
            return "idle", "Вход закрыт"
        if not account.must_change_password:
            return ("ok", "Работает") if account.last_entered_at else ("idle", "Не входил(а)")
        if account.is_expired:
            return "bad", f"Одноразовый истёк {until:%d.%m.%Y}"
        if self.issue is None and account.last_entered_at is None:
            return "warn", "Пароль не выдан"
        return "info", f"Одноразовый до {until:%d.%m.%Y}" if until else "Одноразовый"


class CredentialListing(PeopleListing):
    """Those who work here now, narrowed also by the state of the password."""

    def __init__(self, request: HttpRequest, place: Workplace) -> None:
        super().__init__(request, place)
        self.state = ""
        self.password = self._chosen("password", {code for code, _ in PASSWORDS})

    @property
    def found(self) -> QuerySet[Account]:
        people = super().found.filter(is_active=True)
        if self.password:
            people = people.filter(must_change_password=True)
        return people.filter(one_time_until__lte=timezone.now()) if self.password == "expired" else people

    def standings(self, people: Page[Account]) -> list[Standing]:
        """The page with the last issue of each, in one more query."""
        issues = issues_of(self.place).filter(account__in=[account.pk for account in people])
        last = {issue.account_id: issue for issue in issues.order_by("issued_at", "pk")}
        lines = self.lines(people)
        return [
            Standing(line.account, last.get(line.account.pk), ", ".join(one.title for one in line.current))
            for line in lines
        ]


def chosen_people(place: Workplace, keys: Iterable[str]) -> list[Account]:
    """People of this place among the posted keys, by name; anybody else is not there."""
    wanted = set(keys)
    return [account for account in people_of(place) if str(account.pk) in wanted]


def issues_of(place: Workplace) -> QuerySet[CredentialIssue]:
    here = Q(organization_id=place.organization_id, authority_id=place.authority_id)
    return CredentialIssue.objects.filter(here)


class Register:
    """Issued passwords of this place, the latest first; of a class teacher, those of his classes."""

    def __init__(self, request: HttpRequest, place: Workplace) -> None:
        asked = request.GET.get("handed", "")
        self.handed = asked if asked in dict(HANDED) else ""
        self.place = place
        self.right = actor_of(request).right("credentials.read")
        self.page_number = request.GET.get("page")

    @property
    def found(self) -> QuerySet[CredentialIssue]:
        later = CredentialIssue.objects.filter(account=OuterRef("account"), issued_at__gt=OuterRef("issued_at"))
        issues = issues_of(self.place).select_related("account").annotate(is_replaced=Exists(later))
        if self.right is None or self.right.reach < Reach.ALL:
            issues = issues.filter(group_id__in=self.right.groups if self.right else ())
        if self.handed:
            issues = issues.filter(handed_on__isnull=self.handed == "no")
            issues = issues.filter(is_replaced=False) if self.handed == "no" else issues
        return issues.order_by("-issued_at", "-pk")

    def page(self) -> Page[CredentialIssue]:
        return Paginator(self.found, PAGE_SIZE).get_page(self.page_number)

    def rows(self) -> Iterator[list[Value]]:
        for number, one in enumerate(self.found, start=1):
            who: list[Value] = [number, one.account.full_name, one.account.login, one.group_name, one.issued_by]
            printed = timezone.localdate(one.printed_at) if one.printed_at else None
            days: list[Value] = [timezone.localdate(one.issued_at), printed, timezone.localdate(one.valid_until)]
            yield [*who, *days, one.handed_to, one.handed_on]

    @property
    def filters_text(self) -> str:
        return dict(HANDED)[self.handed]
