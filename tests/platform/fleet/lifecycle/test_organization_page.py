"""The operator's page of one organization, and what is done from it; nobody else may."""

from __future__ import annotations

import datetime
import uuid

import pytest
from django.db import ProgrammingError, connection
from django.utils import timezone

from fleet import addresses, subordination
from shared.audit.models import PublicEvent
from shared.messaging.models import TaskOutbox
from shared.organizations.models import Organization, Subordination
from shared.tenancy import scopes
from tests.support import School, client_of, connect

HOST = "operator.localhost"
TODAY = timezone.localdate()
ONE = datetime.timedelta(days=1)


@pytest.fixture
def oleg(committed):
    return client_of(HOST, "oleg")


@pytest.fixture
def place(committed) -> School:
    return connect(f"pg-{uuid.uuid4().hex[:8]}", short_name="Страничная школа")


def text_of(answer, status: int = 200) -> str:
    assert answer.status_code == status, answer.status_code
    return answer.content.decode().replace("\xa0", " ")


def noted(place: School) -> set[str]:
    events = PublicEvent.objects.using("owner").filter(object_kind="organization", object_id=str(place.organization.pk))
    return set(events.values_list("action", flat=True))


def clean(place: School) -> None:
    TaskOutbox.objects.using("owner").filter(name__in=[addresses.TASK, subordination.TASK]).delete()


def test_the_page_says_what_it_is_where_it_stands_and_whose_it_was(oleg, place):
    page = text_of(oleg.get(f"/organizations/{place.organization.slug}/"))
    for said in ("Страничная школа", place.host, "Белореченский", "Заявка", "Соглашение", "Подключена", "Отключена",
                 "не записано", "с подключения", "Приостановить", "Сменить адрес"):  # fmt: skip
        assert said in page
    assert oleg.get("/organizations/nothing/").status_code == 404
    found = text_of(oleg.get("/", {"q": place.organization.slug}))
    assert f'href="/organizations/{place.organization.slug}/"' in found


def test_every_state_of_the_way_is_told(oleg, place):
    slug = place.organization.slug
    own = Organization.objects.using("owner").filter(pk=place.organization.pk)
    for status, step in (("active", "Подключена"), ("suspended", "Приостановлена"), ("archived", "Отключена")):
        own.update(status=status)
        page = text_of(oleg.get(f"/organizations/{slug}/"))
        now = page.partition('aria-current="step"')[2].partition("</li>")[0]
        assert step in now
    assert "Возобновить" not in page
    assert "/rename/" not in page
    own.update(status="active")  # its schema is here


def test_renaming_by_the_form_keeps_refusals_on_it(oleg, place):
    slug = place.organization.slug
    assert "Прежний будет перенаправлять" in text_of(oleg.get(f"/organizations/{slug}/rename/"))
    for wrong, sentence in (("region", "зарезервирован"), ("school-1", "занят"), ("я", "не подходит"), ("", "пустое")):
        assert sentence in text_of(oleg.post(f"/organizations/{slug}/rename/", {"slug": wrong}), 422)
    answer = oleg.post(f"/organizations/{slug}/rename/", {"slug": f"{slug}-B"})
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/organizations/{slug}-b/")
    page = text_of(oleg.get(answer.headers["Location"]))
    assert "прежний, перенаправляет" in page
    dropped = oleg.post(f"/organizations/{slug}-b/forget-address/", {"host": place.host})
    assert dropped.status_code == 302
    again = oleg.post(f"/organizations/{slug}-b/forget-address/", {"host": place.host})
    assert "Прежнего адреса" in text_of(again, 422)
    assert noted(place) >= {"organization_renamed", "former_address_dropped"}
    clean(place)


def test_moving_from_a_future_day_is_planned_shown_and_undone(oleg, place):
    slug, ahead = place.organization.slug, TODAY + 30 * ONE
    asked = {"municipality": "03601000", "founder": "now", "valid_from": f"{ahead:%d.%m.%Y}", "ground": "Закон № 7"}
    assert "Не меняется: Белореченский" in text_of(oleg.get(f"/organizations/{slug}/move/"))
    assert oleg.post(f"/organizations/{slug}/move/", asked).status_code == 302
    page = text_of(oleg.get(f"/organizations/{slug}/"))
    assert "Запланирована смена" in page
    assert "Абинский" in page
    assert "Закон № 7" in page
    assert "уже запланирована" in text_of(oleg.post(f"/organizations/{slug}/move/", asked), 422)
    assert oleg.post(f"/organizations/{slug}/undo-move/").status_code == 302
    assert "Запланирована смена" not in text_of(oleg.get(f"/organizations/{slug}/"))
    assert "нет запланированной смены" in text_of(oleg.post(f"/organizations/{slug}/undo-move/"), 422)
    assert noted(place) == {"move_planned", "move_undone"}


def test_moving_today_is_the_workers_and_stands_in_the_history(oleg, place):
    slug = place.organization.slug
    asked = {"municipality": "regional", "founder": "now", "valid_from": f"{TODAY:%d.%m.%Y}"}
    assert oleg.post(f"/organizations/{slug}/move/", asked).status_code == 302
    assert "Смена выполняется" in text_of(oleg.get(f"/organizations/{slug}/"))
    assert subordination.carry_out(Subordination.objects.using("owner").get(organization=place.organization).pk)
    page = text_of(oleg.get(f"/organizations/{slug}/"))
    assert "Смена выполняется" not in page
    assert f"до {TODAY:%d.%m.%Y}" in page
    assert "не нужно: региональная" in page
    assert "министерство" in page.lower()
    clean(place)


def test_suspending_and_resuming_are_noted(oleg, place):
    slug = place.organization.slug
    for action in ("suspend", "resume"):
        assert oleg.post(f"/organizations/{slug}/{action}/").headers["Location"] == f"/organizations/{slug}/"
    assert noted(place) == {"organization_suspended", "organization_resumed"}


def test_the_page_costs_the_same_whatever_the_history(oleg, place, django_assert_max_num_queries):
    def cost() -> int:
        with django_assert_max_num_queries(40, connection=connection) as seen:
            oleg.get(f"/organizations/{place.organization.slug}/")
        return len(seen.captured_queries)

    cost()
    before = cost()
    for shift in range(1, 4):
        Subordination.objects.using("owner").create(
            organization=place.organization, valid_from=TODAY - shift * ONE, municipality_id="03601000",
            was_municipality_id="03608000", recorded_by="к", carried_out_at=timezone.now(),
        )  # fmt: skip
    assert cost() == before
    Subordination.objects.using("owner").filter(organization=place.organization).delete()


@pytest.mark.parametrize("path", ["", "rename/", "move/"])
@pytest.mark.parametrize("login", ["anna", "boris", "marina"])
def test_others_are_refused(committed, login, path):
    assert client_of(HOST, login).get(f"/organizations/school-1/{path}").status_code == 403


def test_the_console_writes_no_change_as_carried_out(committed, place):
    carried_out = {"organization_id": place.organization.pk, "valid_from": TODAY, "recorded_by": "к"}
    with pytest.raises(ProgrammingError), scopes.enter(scopes.of_operator()):
        Subordination.objects.create(**carried_out, carried_out_at=timezone.now())
    with pytest.raises(ProgrammingError), scopes.enter(scopes.of_authority(1)):
        Subordination.objects.create(**carried_out)
