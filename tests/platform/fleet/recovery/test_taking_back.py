"""Chosen records come back by the word of a second person, through the history and up to the registry."""

from __future__ import annotations

import datetime
import threading

import pytest
from django.db import connections
from django.utils import timezone

from shared.access.approvals.models import Approval
from shared.contingent.counts import Territory, count
from shared.documents import store
from shared.organizations.models import Organization
from shared.tenancy import scopes
from tenants.consents.models import Consent
from tenants.files.models import StoredFile
from tenants.handup.projector import reconcile, settle
from tenants.history.models import HistoryEvent
from tenants.orders.models import Enrollment, Order, Placement
from tenants.organization.models import Building, OrganizationCard
from tenants.organization.services import refresh_card
from tenants.people.models import Achievement, Guardian, GuardianLink, Student, StudentSpecial
from tenants.recovery.asking import carry_out
from tests.platform.fleet.backups.conftest import SCAN, sha_of
from tests.platform.fleet.recovery.conftest import Place, destroy, furnish, lose, scan, withdraw_by
from tests.tenants import factories


def counted(place: Place) -> int:
    organization = place.school.organization
    settle(organization)
    assert not reconcile(organization)
    with scopes.enter(scopes.of_projector().reading()):
        territory = Territory(organization=organization.pk)
        found = count(as_of=timezone.localdate(), by=[], where={}, age_on=None, territory=territory)
        return int(found.document()["total"]["enrollments"])


@pytest.mark.proves("R-055")
def test_a_lost_learner_comes_back_with_all_that_hung_on_him(place):
    lost, other = furnish(place, "Пропавший"), furnish(place, "Оставшийся")
    place.copy()
    lose(place, lost)
    assert counted(place) == 1
    place.compare()
    coordinator = place.person("coordinator")
    approval = place.ask(coordinator, card=[f"student:{lost.student.pk}"])
    assert approval.subject.endswith("обучающиеся — 1")
    with place.work():
        assert not Student.objects.filter(pk=lost.student.pk).exists()  # nobody has allowed it yet
    done = place.approve(approval)
    # The learner, his link, achievement, consent, place, class, row of the order; the representative he names.
    assert (done.state, done.outcome) == ("Выполнено", "Возвращено записей: 8.")
    with place.work():
        back = Student.objects.get(pk=lost.student.pk)
        assert (back.last_name, back.created_at) == ("Пропавший", lost.student.created_at)
        assert Placement.objects.get(enrollment__student=back).group.name == "5А"
        assert GuardianLink.objects.get(student=back).guardian.pk == lost.guardian.pk
        assert StudentSpecial.objects.get(student=back).health_group == "2"
        assert Achievement.objects.filter(student=back).count() == 1
        events = HistoryEvent.objects.filter(object_id=str(back.pk), action="created").order_by("-id")
        event = events.first()
        assert event.reason.startswith("Возврат из копии на ")
        assert f"запрос № {approval.number}" in event.reason
        assert event.actor == approval.asked_by
        assert HistoryEvent.objects.filter(action="taken_back", object_id=str(approval.pk)).exists()
        assert not HistoryEvent.objects.filter(reason=event.reason, object_id=str(other.student.pk)).exists()
    assert counted(place) == 2
    place.compare()
    assert [one for one in place.found() if one.outcome != "taken"] == []


def test_columns_come_back_where_nobody_has_changed_the_row_since(place):
    first, second = furnish(place, "Первый"), furnish(place, "Второй")
    place.copy()
    with place.work():
        for one in (first, second):
            Student.objects.filter(pk=one.student.pk).update(patronymic="Испорчено", birth_place="Испорчено")
            Achievement.objects.filter(pk=one.achievement.pk).delete()
    place.compare()
    approval = place.ask(place.person("coordinator"), all="1")
    with place.work():
        Student.objects.filter(pk=second.student.pk).update(email="ivan@example.ru")
    done = place.approve(approval)
    assert done.outcome.startswith("Возвращено записей: 3. Отказано: 1 записи")
    with place.work():
        back, kept = Student.objects.get(pk=first.student.pk), Student.objects.get(pk=second.student.pk)
        assert (back.patronymic, back.birth_place) == ("Петрович", "")
        assert (kept.patronymic, kept.email) == ("Испорчено", "ivan@example.ru")
        assert Achievement.objects.filter(student=second.student).count() == 1
        event = HistoryEvent.objects.filter(object_id=str(back.pk), action="changed").latest("id")
        assert event.changes == {"patronymic": ["Испорчено", "Петрович"], "birth_place": ["Испорчено", ""]}
    (refused,) = place.found(outcome="refused")
    assert (refused.head_id, "изменили" in refused.refusal) == (second.student.pk, True)
    page = place.person("coordinator").get(f"/recovery/requests/{approval.pk}/").content.decode()
    assert "Не вернулись" in page
    assert "После сравнения запись изменили" in page


@pytest.mark.proves("R-179")
def test_one_asks_and_the_director_allows(place):
    lost = furnish(place, "Пропавший")
    place.copy()
    lose(place, lost)
    place.compare()
    coordinator, admin, director = (place.person(role) for role in ("coordinator", "org_admin", "director"))
    approval = place.ask(coordinator, card=[f"student:{lost.student.pk}"])
    again = place.ask(coordinator, card=[f"student:{lost.student.pk}"])
    assert again.pk == approval.pk
    for person in (coordinator, admin):
        assert person.post(f"/approvals/{approval.pk}/decide/", {"decision": "approved"}).status_code == 404
    own = place.ask(director, id=[str(place.found(part="student")[0].pk)], reason="сам")
    if own.pk != approval.pk:
        refused = director.post(f"/approvals/{own.pk}/decide/", {"decision": "approved"})
        assert refused.status_code == 422
        assert "сделали вы сами" in refused.content.decode()
    page = director.get(f"/approvals/{approval.pk}/").content.decode()
    assert f"/recovery/requests/{approval.pk}/" in page
    assert "Пропавший Иван Петрович" in director.get(f"/recovery/requests/{approval.pk}/").content.decode()
    assert place.person("secretary").get(f"/recovery/requests/{approval.pk}/").status_code == 403
    refusal = {"decision": "refused", "reason": "ученик выбыл"}
    assert director.post(f"/approvals/{approval.pk}/decide/", refusal).status_code == 302
    carry_out(approval.pk)  # a task that came too late
    with place.work():
        assert not Student.objects.exists()


def test_two_requests_for_the_same_record_at_once_bring_it_back_once(place):
    lost, brother = furnish(place, "Первый"), furnish(place, "Второй")
    place.copy()
    lose(place, lost)
    lose(place, brother)
    place.compare()
    coordinator = place.person("coordinator")
    one = place.ask(coordinator, card=[f"student:{lost.student.pk}"])
    two = place.ask(coordinator, card=[f"student:{lost.student.pk}", f"student:{brother.student.pk}"])
    now = timezone.now()
    for approval in (one, two):
        facts = {"decision": "approved", "decided_by": "d", "decided_by_name": "Д", "decided_at": now}
        Approval.objects.using("owner").filter(pk=approval.pk).update(**facts)
    faults: list[BaseException] = []

    def run(approval: Approval) -> None:
        try:
            carry_out(approval.pk)
        except BaseException as fault:  # noqa: BLE001 - told to the test
            faults.append(fault)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[approval]) for approval in (one, two)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    with place.work():
        assert Student.objects.count() == 2
        created = HistoryEvent.objects.filter(
            object_id=str(lost.student.pk), action="created", reason__contains="копии"
        )
        assert created.count() == 1
    one.refresh_from_db(using="owner")
    two.refresh_from_db(using="owner")
    assert sum("Возвращено записей: 8" in approval.outcome for approval in (one, two)) >= 1
    carry_out(one.pk)  # and once more
    with place.work():
        assert Student.objects.count() == 2


def test_who_was_entered_anew_is_refused_and_the_rest_comes(place):
    lost, other = furnish(place, "Заново", snils="11223344595"), furnish(place, "Другой")
    place.copy()
    lose(place, lost)
    lose(place, other)
    with place.work():
        factories.student(last_name="Заново", snils="11223344595")
    place.compare()
    approval = place.ask(place.person("coordinator"), all="1")
    place.approve(approval)
    with place.work():
        assert not Student.objects.filter(pk=lost.student.pk).exists()
        assert Student.objects.filter(pk=other.student.pk).exists()
        assert Guardian.objects.filter(pk=lost.guardian.pk).exists()
    reasons = {(one.part, one.refusal) for one in place.found(outcome="refused")}
    assert any(part == "student" and "СНИЛС" in text for part, text in reasons), reasons
    assert ("enrollment", "Нет записи, к которой она относится. Выберите и её.") in reasons
    assert counted(place) == 1


def test_destroyed_people_and_withdrawn_consents_stay_away_though_it_was_asked_before(place):
    gone, blocked = furnish(place, "Забытый"), furnish(place, "Отозвавший")
    place.copy()
    with place.work():
        Achievement.objects.all().delete()
    place.compare()
    approval = place.ask(place.person("coordinator"), all="1")
    destroy(place, gone)
    with place.work():
        withdraw_by(blocked.student)
    done = place.approve(approval)
    assert done.outcome.startswith("Возвращено записей: 0. Отказано: 2")
    with place.work():
        assert not Achievement.objects.exists()
    assert {one.refusal[:12] for one in place.found(outcome="refused")} == {"Данные уничт", "Согласие на "}
    page = place.person("director").get(f"/recovery/requests/{approval.pk}/").content.decode()
    assert "Забытый" not in page
    assert "Отозвавший" not in page


def test_an_order_comes_back_with_its_rows_and_the_class_it_names(place):
    family = furnish(place, "Пропавший")
    place.copy()
    with place.work():
        order = Order.objects.get()
        number = order.number
    lose(place, family)
    with place.work():
        Order.objects.filter(pk=order.pk).delete()
        family_group = factories.group("5А")
        type(family_group).objects.filter(pk=family_group.pk).delete()
    place.compare()
    place.approve(place.ask(place.person("coordinator"), card=[f"order:{order.pk}"]))
    with place.work():
        back = Order.objects.get(pk=order.pk)
        assert (back.number, back.rows.count(), back.status) == (number, 1, "signed")
        assert Enrollment.objects.filter(order=back).count() == 1
        assert Consent.objects.filter(student=family.student.pk).count() == 1  # nobody is here without his consent
        assert Placement.objects.get().group.name == "5А"
    assert counted(place) == 1


def test_a_lost_file_comes_back_with_its_content(place):
    family, stored = furnish(place, "Грамотный"), scan(place)
    schema = place.school.organization.schema_name
    with place.work():
        Achievement.objects.filter(pk=family.achievement.pk).update(file_id=stored.pk)
    place.copy()
    with place.work():
        Achievement.objects.filter(pk=family.achievement.pk).delete()
        StoredFile.objects.filter(pk=stored.pk).delete()
    store.sweep(schema, (), now=timezone.now().timestamp() + 2 * store.GRACE_SECONDS)
    assert store.take(schema, sha_of(SCAN)) is None
    place.compare()
    (file,) = place.found(part="file")
    assert file.people == [family.student.pk]
    place.approve(place.ask(place.person("coordinator"), card=[f"student:{family.student.pk}"]))
    assert store.take(schema, sha_of(SCAN)) == SCAN
    with place.work():
        assert StoredFile.objects.get().pk == Achievement.objects.get().file_id == stored.pk


def test_special_facts_come_along_when_it_is_said_so_and_nobody_learns_of_them(place):
    family = furnish(place, "Тихий")
    place.copy()
    with place.work():
        StudentSpecial.objects.filter(student=family.student).update(health_group="4")
        Student.objects.filter(pk=family.student.pk).update(patronymic="Иное", disability=True)
    place.compare()
    coordinator, director = place.person("coordinator"), place.person("director")
    card = [f"student:{family.student.pk}"]
    plain = place.approve(place.ask(coordinator, card=card), director)
    assert plain.outcome == "Возвращено записей: 1."
    with place.work():
        assert Student.objects.get().disability
    with place.work():
        Student.objects.filter(pk=family.student.pk).update(patronymic="Снова иное")
    place.compare()
    asked = place.ask(coordinator, card=card, with_special="on")
    assert "особыми сведениями, если" in asked.subject
    assert place.approve(asked, director).outcome == "Возвращено записей: 1."
    with place.work():
        assert not Student.objects.get().disability
        assert StudentSpecial.objects.get().health_group == "2"
    page = coordinator.get(f"/recovery/requests/{asked.pk}/").content.decode()
    assert "Особые сведения" not in page
    assert "особые сведения: изменено" in director.get(f"/recovery/requests/{asked.pk}/").content.decode()


def test_the_card_of_the_organization_says_again_what_it_holds(place):
    with place.work():
        building = Building.objects.create(name="Главный корпус", address="ул. Мира, 1")
        refresh_card(by="секретарь")
        OrganizationCard.objects.update(legal_form="mbou")
    place.copy()
    with place.work():
        Building.objects.filter(pk=building.pk).delete()
        refresh_card(by="секретарь")
        OrganizationCard.objects.update(legal_form="")
    place.compare()
    done = place.approve(place.ask(place.person("coordinator"), all="1"))
    with place.work():
        card = OrganizationCard.objects.get()
        assert (Building.objects.count(), card.building_count, card.legal_form) == (1, 1, "mbou"), done.outcome
    assert Organization.objects.using("owner").filter(pk=place.school.organization.pk).exists()


def test_a_taking_back_is_taken_back_but_for_what_was_changed_since(place):
    lost, spoiled, built = (furnish(place, name) for name in ("Пропавший", "Испорченный", "Дополненный"))
    place.copy()
    lose(place, lost)
    lose(place, built)
    with place.work():
        Student.objects.filter(pk=spoiled.student.pk).update(patronymic="Иное")
        Achievement.objects.filter(pk=spoiled.achievement.pk).update(title="Иная")
    place.compare()
    coordinator = place.person("coordinator")
    approval = place.approve(place.ask(coordinator, all="1"))
    assert counted(place) == 3
    with place.work():
        Achievement.objects.filter(pk=spoiled.achievement.pk).update(result="1 место")
        fresh = {"kind": "olympiad", "title": "Новая", "level": "school", "recorded_by": "с"}
        Achievement.objects.create(student_id=built.student.pk, gained_on=datetime.date(2026, 11, 1), **fresh)
    assert coordinator.post(f"/recovery/requests/{approval.pk}/undo/", {}).status_code == 422
    page = coordinator.post(f"/recovery/requests/{approval.pk}/undo/", {"reason": "ошиблись днём"}, follow=True)
    assert "Отменено: " in page.content.decode()
    with place.work():
        assert not Student.objects.filter(pk=lost.student.pk).exists()
        assert not Guardian.objects.filter(pk=lost.guardian.pk).exists()
        assert Student.objects.get(pk=spoiled.student.pk).patronymic == "Иное"
        kept = Achievement.objects.get(pk=spoiled.achievement.pk)
        assert (kept.title, kept.result) == ("Олимпиада", "1 место")
        assert Student.objects.filter(pk=built.student.pk).exists()  # somebody has built upon it
        gone = HistoryEvent.objects.filter(object_id=str(lost.student.pk), action="deleted").latest("id")
        assert gone.reason == f"Отмена возврата из копии (запрос № {approval.number}): ошиблись днём"
    assert counted(place) == 1
    again = coordinator.post(f"/recovery/requests/{approval.pk}/undo/", {"reason": "ещё раз"})
    assert again.status_code in (302, 422)
    second = place.ask(coordinator, card=[f"student:{lost.student.pk}"], reason="всё же нужен")
    place.approve(second)
    with place.work():
        assert Student.objects.filter(pk=lost.student.pk).exists()
