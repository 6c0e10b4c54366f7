"""A closed support case with its report, and a request that waits for a second signature."""

from __future__ import annotations

from typing import Final

from django.urls import reverse

from config.demo.people import DIRECTOR, SECRETARY, DemoPerson
from shared.access.approvals.exports import BULK_EXPORT
from shared.access.approvals.queries import DecisionPlace
from shared.access.approvals.services import Signer, ask
from shared.access.requests import NotedAction
from shared.access.support.models import SupportCase
from shared.access.support.services import Rows, close_case, enter_case, open_case, take_case
from shared.accounts.models import Account
from shared.audit.notes import note_in_organization
from shared.organizations.models import Organization
from shared.tenancy import scopes
from tenants.people.models import Student

URLS: Final = "config.urls.organization"
QUESTION: Final = "После перевода в другой класс ученик виден в списке дважды. Это ошибка или так и должно быть?"
ENGINEER: Final = "operator"


def create_support(slug: str) -> None:
    """What a school sees after a visit of the support service; a school that has a case is left alone."""
    school = Organization.objects.get(slug=slug)
    case = _visit(school)
    if case is None:
        return
    with scopes.enter(_as(DIRECTOR.login)):
        close_case(case=case, closed_by=_account(DIRECTOR.login).pk)
    _ask(school, SECRETARY)


def _visit(school: Organization) -> SupportCase | None:
    """The case opened, taken and used for a list and two cards; None where there has been one before."""
    with scopes.enter(_as(DIRECTOR.login)):
        if SupportCase.objects.filter(organization=school).exists():
            return None
        opened = open_case(
            organization_id=school.pk, opened_by=_account(DIRECTOR.login).pk, question=QUESTION, hours=4, rows=200
        )
        case = SupportCase.objects.select_related("organization").get(pk=opened.pk)
    with scopes.enter(_as(ENGINEER)):
        engineer = _account(ENGINEER)
        take_case(case=case, engineer=engineer.pk, factor_passed=True)
        enter_case(case=case, engineer=engineer.pk, factor_passed=True)
    looks = _looks(school)
    with scopes.enter(scopes.of_organization(school.schema_name).by(str(engineer.pk), "", engineer.full_name)):
        for look in looks:
            note_in_organization(look, look.facts | {"support_case": str(case.number)})
    with scopes.enter(_as(ENGINEER)):
        Rows(case.pk, sum(look.rows for look in looks)).pay()
    return case


def _looks(school: Organization) -> list[NotedAction]:
    """The pages that the engineer opened, as the middleware would have noted them."""
    with scopes.enter(scopes.of_organization(school.schema_name).reading()):
        listed = list(Student.objects.known().order_by("sort_name", "id")[:25])
    pages = [
        NotedAction("support_entered", "support_case"),
        NotedAction("viewed", rows=len(listed), facts=_page("people:list")),
    ]
    for student in listed[:2]:
        facts = _page("people:card", student_id=student.pk)
        pages.append(NotedAction("viewed", "student", str(student.pk), rows=1, facts=facts))
    return pages


def _page(view: str, **arguments: object) -> dict[str, str | int | bool]:
    return {"page": view, "path": reverse(view, urlconf=URLS, kwargs=arguments)}


def _ask(school: Organization, person: DemoPerson) -> None:
    """The secretary wants the whole list; the director has not decided yet."""
    with scopes.enter(scopes.of_organization(school.schema_name).reading()):
        rows = Student.objects.known().count()
    address = reverse("people:export", urlconf=URLS)
    with scopes.enter(_as(person.login)):
        account = _account(person.login)
        ask(
            BULK_EXPORT,
            place=DecisionPlace(organization_id=school.pk),
            by=Signer(str(account.pk), account.full_name),
            subject=f"Список обучающихся: {rows} строк",
            reason="Сверка с алфавитной книгой перед проверкой",
            arguments={"address": address, "rows": rows},
            same=[str(account.pk), address],
        )


def _account(login: str) -> Account:
    return Account.objects.get(login=login)


def _as(login: str) -> scopes.Scope:
    with scopes.enter(scopes.of_accounts().reading()):
        account = _account(login)
    return scopes.of_accounts().by(str(account.pk), "", account.full_name)
