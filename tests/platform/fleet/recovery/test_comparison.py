"""A copy compared with its organization: what is missing, changed, later; by records a clerk knows."""

from __future__ import annotations

import datetime

import pytest
from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connections, transaction
from django.utils import timezone

from shared.copies.models import OfferedCopy
from shared.messaging.services import want_task
from shared.organizations.models import Organization
from tenants.files.models import StoredFile
from tenants.history.models import HistoryEvent
from tenants.people.models import Achievement, Student
from tenants.recovery.asking import COMPARE_TASK
from tenants.recovery.models import Difference
from tenants.recovery.parts import NOT_COMPARED, PARTS
from tenants.recovery.sweeping import sweep_comparisons
from tests.platform.fleet.recovery.conftest import destroy, furnish, lose, withdraw_by, work_off
from tests.support import client_of, connect, person


def test_it_finds_what_is_missing_changed_and_later(place):
    gone, kept = furnish(place, "Пропавший"), furnish(place, "Изменённый")
    place.copy()
    lose(place, gone)
    with place.work():
        Student.objects.filter(pk=kept.student.pk).update(patronymic="Ильич", health_limits=True)
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


def test_a_row_equal_but_for_its_bookkeeping_is_no_difference(place):
    family = furnish(place, "Прежний")
    place.copy()
    with place.work():
        family.student.save()  # updated_at alone
        Student.objects.filter(pk=family.student.pk).update(confirmed_on="2026-11-01", account_id=family.link.pk)
    place.compare()
    assert place.found() == []


def test_who_must_not_come_back_is_named_without_a_name_or_a_value(place):
    gone, blocked, kept = furnish(place, "Забытый"), furnish(place, "Отозвавший"), furnish(place, "Остальной")
    place.copy()
    destroy(place, gone)
    with place.work():
        withdraw_by(blocked.student)
        Achievement.objects.filter(student=blocked.student).delete()
        Achievement.objects.filter(student=kept.student).delete()
    place.compare()
    of_gone = [one for one in place.found() if gone.student.pk in one.people or gone.guardian.pk in one.people]
    assert {one.part for one in of_gone} >= {"student", "guardian", "link", "achievement", "special"}
    assert all(one.barred and one.old is None and one.live is None and not one.title for one in of_gone)
    assert "по акту № 7 от 21.11.2026" in next(one.barred for one in of_gone if one.part == "student")
    assert "представитель ученика" in next(one.barred for one in of_gone if one.part == "guardian")
    (of_blocked,) = [one for one in place.found(part="achievement") if blocked.student.pk in one.people]
    assert "отозвано 20.11.2026" in of_blocked.barred
    assert (of_blocked.old, of_blocked.detail) == (None, "")
    (of_kept,) = [one for one in place.found(part="achievement") if kept.student.pk in one.people]
    assert (of_kept.barred, of_kept.detail) == ("", "Олимпиада")


def test_what_a_comparison_holds_of_destroyed_people_is_emptied_with_them(place):
    family = furnish(place, "Забытый")
    place.copy()
    with place.work():
        Achievement.objects.filter(student=family.student).delete()
    place.compare()
    assert place.found(part="achievement")[0].old is not None
    destroy(place, family)
    (one,) = place.found(part="achievement")
    assert (one.old, one.live, one.title, one.detail) == (None, None, "", "")
    assert "уничтожены" in one.barred


def test_nothing_of_a_person_stands_in_a_public_table(place):
    family = furnish(place, "Несравненный-Секретный")
    place.copy()
    lose(place, family)
    place.compare()
    coordinator = place.person("coordinator")
    approval = place.ask(coordinator, card=[f"student:{family.student.pk}"])
    assert "Секретный" not in f"{approval.subject}{approval.arguments}{approval.reason}"
    with connections["owner"].cursor() as cursor:
        cursor.execute("select to_jsonb(c)::text from copies_offeredcopy c")
        assert not any("Секретный" in text for (text,) in cursor.fetchall())


def test_an_offer_is_seen_by_its_organization_alone(place):
    furnish(place, "Свой")
    place.copy()
    offer = place.compare()
    stranger = connect(f"{place.slug}-z")
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
    person(f"c-{stranger.organization.slug}"[:30], "coordinator", school=stranger)
    vera = client_of(stranger.host, f"c-{stranger.organization.slug}"[:30])
    head = place.found()[0] if place.found() else None
    assert vera.get(f"/recovery/{offer.pk}/").status_code == 404
    assert vera.post(f"/recovery/{offer.pk}/compare/").status_code == 404
    assert vera.post(f"/recovery/{offer.pk}/chosen/", {"all": "1"}).status_code == 404
    assert vera.post(f"/recovery/{offer.pk}/ask/", {"reason": "х"}).status_code == 404
    assert head is None or vera.get(f"/recovery/{offer.pk}/student/{head.head_id}/").status_code == 404
    assert "Копий для сравнения нет" in vera.get("/recovery/").content.decode()


def test_a_task_of_another_organization_compares_nothing(place):
    furnish(place, "Свой")
    place.copy()
    offer = place.compare()
    stranger = connect(f"{place.slug}-y")
    with stranger.work():
        want_task(COMPARE_TASK, offer_id=str(offer.pk))
    before = OfferedCopy.objects.using("owner").get(pk=offer.pk).compared_at
    work_off(str(stranger.organization.pk))
    assert OfferedCopy.objects.using("owner").get(pk=offer.pk).compared_at == before
    with stranger.work():
        assert not Difference.objects.exists()


def test_the_operator_offers_copies_and_nothing_else(place, run):
    furnish(place, "Свой")
    assert run("offer", place.slug).code == 2
    assert run("offer", "no-such").code == 2
    slug = place.copy()
    done = run("offer", slug)
    assert (done.code, done.rows["organization"], done.rows["state"]) == (0, place.slug, "done"), done.said
    again = run("offer", slug)
    assert again.code == 0
    assert OfferedCopy.objects.using("owner").filter(organization=place.school.organization).count() == 1
    with place.work():
        (event,) = HistoryEvent.objects.filter(action="copy_offered")
    assert event.facts["address"] == slug


def test_it_is_compared_again_by_the_worker_but_not_while_a_request_waits(place):
    family = furnish(place, "Пропавший")
    place.copy()
    offer = place.compare()
    assert place.found() == []
    lose(place, family)
    coordinator = place.person("coordinator")
    assert coordinator.post(place.url("compare/")).status_code == 302
    assert "Копия сравнивается" in coordinator.get(place.url()).content.decode()
    work_off(str(offer.pk))
    assert place.found(part="student", kind="missing")
    place.ask(coordinator, card=[f"student:{family.student.pk}"])
    page = coordinator.post(place.url("compare/"), follow=True).content.decode()
    assert "ждёт решения" in page


def test_a_copy_of_another_version_is_not_compared_and_that_is_told(place):
    furnish(place, "Свой")
    slug = place.copy()
    own = Organization.with_copies.using("owner").filter(slug=slug)
    fingerprint = own.get().fingerprint
    try:
        own.update(fingerprint="0" * 32)
        offer = place.compare()
    finally:
        own.update(fingerprint=fingerprint)
    assert offer.state == "failed"
    assert "разных версий" in place.person("coordinator").get(place.url()).content.decode()


def test_what_was_found_goes_with_the_copy_and_after_a_month(place, run):
    family = furnish(place, "Пропавший")
    slug = place.copy()
    lose(place, family)
    offer = place.compare()
    OfferedCopy.objects.using("owner").filter(pk=offer.pk).update(
        compared_at=timezone.now() - datetime.timedelta(days=31)
    )
    sweep_comparisons()
    assert place.found() == []
    assert OfferedCopy.objects.using("owner").get(pk=offer.pk).state == "expired"
    place.compare()
    assert place.found()
    assert run("forget", slug).code == 0
    assert place.found() == []
    assert not OfferedCopy.objects.using("owner").filter(pk=offer.pk).exists()


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
