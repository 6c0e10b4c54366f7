"""A case from the organization's form to the engineer inside, by the product's own pages."""

from __future__ import annotations

from django.test import Client

from shared.access.support.models import SupportCase
from shared.tenancy import scopes
from tests.support import School, client_of

OPERATOR = "operator.localhost"
QUESTION = "Не открывается список класса"


def open_case(school: School, director: str = "anna", **facts: object) -> SupportCase:
    """The director opens a case on the organization's page."""
    form = {"question": QUESTION, "hours": 4, "rows": 200, **facts}
    answer = client_of(school.host, director).post("/support/open/", form)
    assert answer.status_code == 302, answer.content.decode()
    return current(school)


def current(school: School) -> SupportCase:
    with scopes.enter(scopes.of_accounts()):
        return (
            SupportCase.objects.select_related("organization", "taken_by")
            .filter(organization=school.organization.pk)
            .latest("number")
        )


def change(case: SupportCase, **facts: object) -> None:
    """What time would bring."""
    with scopes.enter(scopes.of_accounts()):
        SupportCase.objects.filter(pk=case.pk).update(**facts)


def take(case: SupportCase, engineer: str = "oleg") -> Client:
    """The engineer at the operator's console, the case taken."""
    console = client_of(OPERATOR, engineer)
    assert console.post(f"/support/{case.pk}/take/").status_code == 302
    return console


def go_in(console: Client, case: SupportCase) -> Client:
    """The engineer's browser on the organization's host, by the one-time code."""
    page = console.post(f"/support/{case.pk}/enter/")
    assert page.status_code == 200, page.content.decode()
    inside = Client(headers={"host": f"{case.organization.slug}.localhost"})
    assert inside.post("/enter/", {"code": page.context["code"]}).status_code == 302
    return inside


def visit(school: School, **facts: object) -> tuple[SupportCase, Client]:
    """Opened, taken, entered."""
    case = open_case(school, **facts)
    return case, go_in(take(case), case)
