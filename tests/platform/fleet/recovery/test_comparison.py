"""A copy compared with its organization: what is missing, changed, later; by records a clerk knows."""

from __future__ import annotations

import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connections, transaction
from django.utils import timezone

from shared.copies.models import OfferedCopy
from shared.maintenance import services as maintenance
from shared.maintenance.models import MaintenanceBreak
from shared.messaging.services import want_task
from shared.organizations.models import Organization
from shared.tenancy import scopes
from tenants.files.models import StoredFile
from tenants.history.models import HistoryEvent
from tenants.people.models import Achievement, Student
from tenants.recovery.asking import COMPARE_TASK
from tenants.recovery.models import Difference
from tenants.recovery.parts import NOT_COMPARED, PARTS
from tenants.recovery.sweeping import sweep_comparisons
from tests.platform.fleet.recovery.conftest import destroy, furnish, lose, settled, withdraw_by, work_off
from tests.support import client_of, connect, person


@pytest.fixture(scope="module")
def made(world: object, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """A school with a lost learner, its copy offered and compared; and another school."""
    with django_db_blocker.unblock():
        place = settled(tmp_path_factory.mktemp("made"))
        lost = furnish(place, "Несравненный-Секретный")
        place.copy()
        lose(place, lost)
        place.compare()
        stranger = connect(f"{place.slug}-z")
        connections.close_all()
        return SimpleNamespace(place=place, lost=lost, stranger=stranger)


@pytest.fixture
def offered(committed: object, made: SimpleNamespace) -> SimpleNamespace:
    return made


def test_it_finds_what_is_missing_changed_and_later(place):
    gone, kept, same = furnish(place, "Пропавший"), furnish(place, "Изменённый"), furnish(place, "Прежний")
    place.copy()
    lose(place, gone)
    with place.work():
        Student.objects.filter(pk=kept.student.pk).update(patronymic="Ильич", health_limits=True)
        same.student.save()  # updated_at alone
        Student.objects.filter(pk=same.student.pk).update(confirmed_on="2026-11-01", account_id=same.link.pk)
    late = furnish(place, "Новый")
    offer = place.compare()
    assert (offer.state, offer.failure) == ("done", "")
    missing = {one.part for one in place.found(kind="missing")}
    assert missing == {
        *("student", "guardian", "link", "achievement", "special", "consent", "enrollment", "placement", "order_row")
    }
    changed = {(one.is_special, *one.columns) for one in place.found(kind="changed")}
    assert changed == {(False, "patronymic"), (True, "health_limits")}
    (one,) = place.found(kind="changed", is_special=False)
    assert (one.old, one.live) == ({"patronymic": "Петрович"}, {"patronymic": "Ильич"})
    assert (one.title, one.changed_at is not None) == ("Изменённый Иван Ильич", True)
    assert {one.head_id for one in place.found(kind="later", entity="student")} == {late.student.pk}
    assert all(one.old is None and one.live is None for one in place.found(kind="later"))
    assert place.found_of(same) == []


def test_who_must_not_come_back_is_named_without_a_name_or_a_value(place):
    gone, blocked, kept = furnish(place, "Забытый"), furnish(place, "Отозвавший"), furnish(place, "Остальной")
    place.copy()
    destroy(place, gone)
    with place.work():
        withdraw_by(blocked.student)
        Achievement.objects.filter(student=blocked.student).delete()
        Achievement.objects.filter(student=kept.student).delete()
    place.compare()
    of_gone = place.found_of(gone)
    assert {one.part for one in of_gone} >= {"student", "guardian", "link", "achievement", "special"}
    assert all(one.barred and one.old is None and one.live is None and not one.title for one in of_gone)
    assert "по акту № 7 от 21.11.2026" in next(one.barred for one in of_gone if one.part == "student")
    assert "представитель ученика" in next(one.barred for one in of_gone if one.part == "guardian")
    (of_blocked,) = place.found_of(blocked, part="achievement")
    assert "отозвано 20.11.2026" in of_blocked.barred
    assert (of_blocked.old, of_blocked.detail) == (None, "")
    (of_kept,) = place.found_of(kept, part="achievement")
    assert (of_kept.barred, of_kept.detail, of_kept.old["title"]) == ("", "Олимпиада", "Олимпиада")
    # What the comparison holds of people is emptied with them.
    destroy(place, kept)
    (of_kept,) = place.found_of(kept, part="achievement")
    assert (of_kept.old, of_kept.live, of_kept.title, of_kept.detail) == (None, None, "", "")
    assert "уничтожены" in of_kept.barred


def test_an_offer_is_seen_by_its_organization_alone(offered):
    place, stranger = offered.place, offered.stranger
    offer = place.offer
    with stranger.work():
        assert not OfferedCopy.objects.exists()
        assert not OfferedCopy.objects.filter(pk=offer.pk).update(state="failed")
    with place.work():
        assert list(OfferedCopy.objects.all()) == [offer]
        assert OfferedCopy.objects.filter(pk=offer.pk).update(state="done") == 1
    for statement in (
        lambda: OfferedCopy.objects.filter(pk=offer.pk).update(copy=place.school.organization),
        lambda: OfferedCopy.objects.create(organization=offer.organization, copy=stranger.organization),
    ):
        with place.work(), pytest.raises(DatabaseError), transaction.atomic():
            statement()
    login = f"c-{stranger.organization.slug}"[:30]
    person(login, "coordinator", school=stranger)
    vera = client_of(stranger.host, login)
    assert vera.get(f"/recovery/{offer.pk}/").status_code == 404
    assert vera.get(f"/recovery/{offer.pk}/list.xlsx").status_code == 404
    assert vera.get(f"/recovery/{offer.pk}/student/{offered.lost.student.pk}/").status_code == 404
    for action, data in (("compare", {}), ("chosen", {"all": "1"}), ("ask", {"reason": "х"})):
        assert vera.post(f"/recovery/{offer.pk}/{action}/", data).status_code == 404, action
    (one,) = place.found(part="student")
    assert vera.post(f"/recovery/reveal/{one.pk}/doc_number/old/").status_code == 404
    assert "Копий для сравнения нет" in vera.get("/recovery/").content.decode()


def test_a_task_of_another_organization_compares_nothing(offered):
    place, stranger = offered.place, offered.stranger
    with stranger.work():
        want_task(COMPARE_TASK, offer_id=str(place.offer.pk))
    before = OfferedCopy.objects.using("owner").get(pk=place.offer.pk).compared_at
    work_off(str(stranger.organization.pk))
    assert OfferedCopy.objects.using("owner").get(pk=place.offer.pk).compared_at == before
    with stranger.work():
        assert not Difference.objects.exists()


def test_the_operator_offers_copies_and_nothing_else(offered, run):
    place = offered.place
    assert run("offer", place.slug).code == 2
    assert run("offer", "no-such").code == 2
    again = run("offer", place.copy_slug)
    assert (again.code, again.rows["organization"], again.rows["state"]) == (0, place.slug, "done"), again.said
    assert OfferedCopy.objects.using("owner").filter(organization=place.school.organization).count() == 1
    with place.work():
        (event,) = HistoryEvent.objects.filter(action="copy_offered")
    assert event.facts["address"] == place.copy_slug


def test_a_copy_of_another_version_is_not_compared_and_that_is_told(offered):
    place = offered.place
    own = Organization.with_copies.using("owner").filter(slug=place.copy_slug)
    fingerprint = own.get().fingerprint
    try:
        own.update(fingerprint="0" * 32)
        assert place.compare().state == "failed"
    finally:
        own.update(fingerprint=fingerprint)
    assert "разных версий" in place.person("coordinator").get(place.url()).content.decode()
    assert place.compare().state == "done"


def test_it_is_compared_again_but_not_while_a_request_waits_and_forgotten_in_time(place, run):
    family = furnish(place, "Несравненный-Секретный")
    slug = place.copy()
    offer = place.compare()
    assert place.found() == []
    lose(place, family)
    coordinator = place.person("coordinator")
    assert coordinator.post(place.url("compare/")).status_code == 302
    assert "Копия сравнивается" in coordinator.get(place.url()).content.decode()
    work_off(str(offer.pk))
    assert place.found(part="student", kind="missing")
    approval = place.ask(coordinator, card=[f"student:{family.student.pk}"])
    assert "ждёт решения" in coordinator.post(place.url("compare/"), follow=True).content.decode()
    # Nothing of a person stands in a public table.
    assert "Секретный" not in f"{approval.subject}{approval.arguments}{approval.reason}"
    with connections["owner"].cursor() as cursor:
        cursor.execute("select to_jsonb(c)::text from copies_offeredcopy c")
        assert not any("Секретный" in text for (text,) in cursor.fetchall())
    old = timezone.now() - datetime.timedelta(days=31)
    OfferedCopy.objects.using("owner").filter(pk=offer.pk).update(compared_at=old)
    sweep_comparisons()
    assert place.found() == []
    assert OfferedCopy.objects.using("owner").get(pk=offer.pk).state == "expired"
    place.compare()
    assert place.found()
    assert run("forget", slug).code == 0
    assert place.found() == []
    assert not OfferedCopy.objects.using("owner").filter(pk=offer.pk).exists()


def test_what_a_maintenance_break_holds_is_swept_after_it(place):
    family = furnish(place, "Отложенный-Секретный")
    place.copy()
    lose(place, family)
    offer = place.compare()
    assert place.found()
    long_ago = timezone.now() - datetime.timedelta(days=31)
    OfferedCopy.objects.using("owner").filter(pk=offer.pk).update(compared_at=long_ago)
    facts = {"reason": "Отказ диска", "expected_end": None, "by": "Олег", "organization": place.school.organization}
    with scopes.enter(scopes.of_operator().by("oleg")):
        started = maintenance.start_at_once(**facts)
    try:
        sweep_comparisons()
        assert place.found()
    finally:
        MaintenanceBreak.objects.using("owner").filter(pk=started.pk).delete()
    sweep_comparisons()
    assert place.found() == []


def test_every_table_of_an_organization_is_compared_or_said_why_not():
    configs = [config for config in apps.get_app_configs() if config.name in settings.TENANT_APPS]
    tables = {one._meta.db_table for config in configs for one in config.get_models() if one._meta.managed}
    compared = {part.table for part in PARTS.values()}
    assert compared.isdisjoint(NOT_COMPARED)
    assert compared | set(NOT_COMPARED) == tables


def test_rows_are_written_after_those_they_name():
    rank = {part.model: place for place, part in enumerate(PARTS.values())}
    for part in PARTS.values():
        for column in part.refs:
            target = part.columns[column].related_model or StoredFile
            assert rank.get(target, -1) < rank[part.model], (part.code, column)
