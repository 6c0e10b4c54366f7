"""Chosen records come back by the word of a second person, through the history and up to the registry."""

from __future__ import annotations

import datetime
import threading
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from shared.access.approvals.models import Approval
from shared.contingent.counts import Territory, count
from shared.documents import store
from shared.tenancy import scopes
from tenants.consents.models import Consent
from tenants.files.models import StoredFile
from tenants.groups.models import Group
from tenants.handup.projector import reconcile, settle
from tenants.history.models import HistoryEvent
from tenants.orders.models import Enrollment, Order, Placement
from tenants.organization.models import Building, OrganizationCard
from tenants.organization.services import refresh_card
from tenants.people.models import Achievement, Guardian, GuardianLink, Student, StudentSpecial
from tenants.recovery.asking import carry_out
from tests.platform.fleet.backups.conftest import SCAN, sha_of
from tests.platform.fleet.recovery.conftest import (
    Family,
    Place,
    destroy,
    furnish,
    lose,
    scan,
    settled,
    withdraw_by,
)
from tests.tenants import factories

NAMES = (
    *("undone", "built", "spoiled", "lost", "left", "first", "second"),
    *("one", "two", "known", "other", "gone", "blocked", "quiet"),
)


@pytest.fixture(scope="module")
def made(world: object, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """A school, its copy, learners for each test: one test spoils its own and looks at its own alone."""
    with django_db_blocker.unblock():
        place = settled(tmp_path_factory.mktemp("made"))
        families = {name: furnish(place, f"Ученик-{name}") for name in NAMES}
        with place.work():
            Student.objects.filter(pk=families["known"].student.pk).update(snils="11223344595")
        families["ordered"] = furnish(place, "Приказной", group="6Б")
        families["filed"] = furnish(place, "Грамотный")
        stored = scan(place)
        with place.work():
            Achievement.objects.filter(pk=families["filed"].achievement.pk).update(file_id=stored.pk)
            building = Building.objects.create(name="Главный корпус", address="ул. Мира, 1")
            refresh_card(by="секретарь")
            OrganizationCard.objects.update(legal_form="mbou")
        place.copy()
        for role in ("coordinator", "director"):
            place.person(role)
        connections.close_all()
        return SimpleNamespace(place=place, stored=stored, building=building, **families)


@pytest.fixture
def school(committed: object, made: SimpleNamespace) -> SimpleNamespace:
    return made


def card(*families: Family) -> list[str]:
    """The learners as the list sends them."""
    return [f"student:{one.student.pk}" for one in families]


def whole(*families: Family) -> list[str]:
    """Their cards and those of their representatives."""
    return [*card(*families), *(f"guardian:{one.guardian.pk}" for one in families)]


def counted(place: Place) -> int:
    organization = place.school.organization
    settle(organization)
    assert not reconcile(organization)
    with scopes.enter(scopes.of_projector().reading()):
        territory = Territory(organization=organization.pk)
        found = count(as_of=timezone.localdate(), by=[], where={}, age_on=None, territory=territory)
        return int(found.document()["total"]["enrollments"])


@pytest.mark.proves("R-055")
def test_a_lost_learner_comes_back_with_all_that_hung_on_him(school):
    place, lost = school.place, school.lost
    before = counted(place)
    lose(place, lost)
    assert counted(place) == before - 1
    place.compare()
    approval = place.ask(place.person("coordinator"), card=card(lost))
    assert approval.subject.endswith("обучающиеся — 1")
    with place.work():
        assert not Student.objects.filter(pk=lost.student.pk).exists()  # nobody has allowed it yet
    done = place.approve(approval)
    # The learner, his link, achievement, consent, place, class, row of the order; the representative he names.
    assert (done.state, done.outcome) == ("Выполнено", "Возвращено записей: 8.")
    with place.work():
        back = Student.objects.get(pk=lost.student.pk)
        assert (back.last_name, back.created_at) == ("Ученик-lost", lost.student.created_at)
        assert Placement.objects.get(enrollment__student=back).group.name == "5А"
        assert GuardianLink.objects.get(student=back).guardian.pk == lost.guardian.pk
        assert StudentSpecial.objects.get(student=back).health_group == "2"
        assert Achievement.objects.filter(student=back).count() == 1
        event = HistoryEvent.objects.filter(object_id=str(back.pk), action="created").latest("id")
        assert event.reason.startswith("Возврат из копии на ")
        assert f"запрос № {approval.number}" in event.reason
        assert event.actor == approval.asked_by
        assert HistoryEvent.objects.filter(action="taken_back", object_id=str(approval.pk)).exists()
        assert not HistoryEvent.objects.filter(reason=event.reason, object_id=str(school.left.student.pk)).exists()
    assert counted(place) == before
    place.compare()
    assert [one for one in place.found_of(lost) if one.outcome != "taken"] == []


def test_columns_come_back_where_nobody_has_changed_the_row_since(school):
    place, first, second = school.place, school.first, school.second
    with place.work():
        for one in (first, second):
            Student.objects.filter(pk=one.student.pk).update(patronymic="Испорчено", birth_place="Испорчено")
            Achievement.objects.filter(pk=one.achievement.pk).delete()
    place.compare()
    approval = place.ask(place.person("coordinator"), card=card(first, second))
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
    (refused,) = place.found_of(first, second, outcome="refused")
    assert (refused.head_id, "изменили" in refused.refusal) == (second.student.pk, True)
    page = place.person("coordinator").get(f"/recovery/requests/{approval.pk}/").content.decode()
    assert "Не вернулись" in page
    assert "После сравнения запись изменили" in page


@pytest.mark.proves("R-179")
def test_one_asks_and_the_director_allows(school):
    place, left = school.place, school.left
    with place.work():
        Achievement.objects.filter(pk=left.achievement.pk).delete()
    place.compare()
    coordinator, admin, director = (place.person(role) for role in ("coordinator", "org_admin", "director"))
    approval = place.ask(coordinator, card=card(left))
    assert place.ask(coordinator, card=card(left)).pk == approval.pk
    for person in (coordinator, admin):
        assert person.post(f"/approvals/{approval.pk}/decide/", {"decision": "approved"}).status_code == 404
    assert place.person("secretary").get(f"/recovery/requests/{approval.pk}/").status_code == 403
    assert f"/recovery/requests/{approval.pk}/" in director.get(f"/approvals/{approval.pk}/").content.decode()
    assert "Ученик-left Иван Петрович" in director.get(f"/recovery/requests/{approval.pk}/").content.decode()
    refusal = {"decision": "refused", "reason": "достижение не подтвердилось"}
    assert director.post(f"/approvals/{approval.pk}/decide/", refusal).status_code == 302
    carry_out(approval.pk)  # a task that came too late
    own = place.ask(director, card=card(left), reason="сам")
    refused = director.post(f"/approvals/{own.pk}/decide/", {"decision": "approved"})
    assert refused.status_code == 422
    assert "сделали вы сами" in refused.content.decode()
    with place.work():
        assert not Achievement.objects.filter(student=left.student).exists()


def test_two_requests_for_the_same_record_at_once_bring_it_back_once(school):
    place, families = school.place, (school.one, school.two)
    for family in families:
        lose(place, family)
    place.compare()
    coordinator = place.person("coordinator")
    asked = [place.ask(coordinator, card=card(school.one)), place.ask(coordinator, card=card(*families))]
    facts = {"decision": "approved", "decided_by": "d", "decided_by_name": "Д", "decided_at": timezone.now()}
    Approval.objects.using("owner").filter(pk__in=[one.pk for one in asked]).update(**facts)
    faults: list[BaseException] = []

    def run(approval: Approval) -> None:
        try:
            carry_out(approval.pk)
        except BaseException as fault:  # noqa: BLE001 - told to the test
            faults.append(fault)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[approval]) for approval in asked]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    for approval in asked:
        approval.refresh_from_db(using="owner")
    assert sum("Возвращены раньше" in approval.outcome for approval in asked) == 1
    carry_out(asked[0].pk)  # and once more
    with place.work():
        for family in families:
            events = HistoryEvent.objects.filter(object_id=str(family.student.pk), action="created")
            assert events.filter(reason__contains="из копии").count() == 1


def test_who_was_entered_anew_is_refused_and_the_rest_comes(school):
    place, known, other = school.place, school.known, school.other
    before = counted(place)
    lose(place, known)
    lose(place, other)
    with place.work():
        factories.student(last_name="Внесён-заново", snils="11223344595")
    place.compare()
    place.approve(place.ask(place.person("coordinator"), card=whole(known, other)))
    with place.work():
        assert not Student.objects.filter(pk=known.student.pk).exists()
        assert Student.objects.filter(pk=other.student.pk).exists()
        assert Guardian.objects.filter(pk=known.guardian.pk).exists()
    reasons = {(one.part, one.refusal) for one in place.found_of(known, outcome="refused")}
    assert any(part == "student" and "СНИЛС" in text for part, text in reasons), reasons
    assert ("enrollment", "Нет записи, к которой она относится. Выберите и её.") in reasons
    assert not place.found_of(other, outcome="refused")
    assert counted(place) == before - 1


def test_destroyed_people_and_withdrawn_consents_stay_away_though_it_was_asked_before(school):
    place, gone, blocked = school.place, school.gone, school.blocked
    with place.work():
        Achievement.objects.filter(pk__in=[gone.achievement.pk, blocked.achievement.pk]).delete()
    place.compare()
    approval = place.ask(place.person("coordinator"), card=card(gone, blocked))
    destroy(place, gone)
    with place.work():
        withdraw_by(blocked.student)
    done = place.approve(approval)
    assert done.outcome.startswith("Возвращено записей: 0. Отказано: 2")
    with place.work():
        assert not Achievement.objects.filter(student__in=[gone.student, blocked.student]).exists()
    refused = place.found_of(gone, blocked, outcome="refused")
    assert {one.refusal[:12] for one in refused} == {"Данные уничт", "Согласие на "}
    page = place.person("director").get(f"/recovery/requests/{approval.pk}/").content.decode()
    assert "Ученик-gone" not in page
    assert "Ученик-blocked" not in page


def test_an_order_comes_back_with_its_rows_and_the_class_it_names(school):
    place, family = school.place, school.ordered
    before = counted(place)
    with place.work():
        order = Order.objects.get(rows__student=family.student)
        number = order.number
    lose(place, family)
    with place.work():
        Order.objects.filter(pk=order.pk).delete()
        Group.objects.filter(name="6Б").delete()
    place.compare()
    place.approve(place.ask(place.person("coordinator"), card=[f"order:{order.pk}"]))
    with place.work():
        back = Order.objects.get(pk=order.pk)
        assert (back.number, back.rows.count(), back.status) == (number, 1, "signed")
        assert Enrollment.objects.filter(order=back).count() == 1
        assert Consent.objects.filter(student=family.student.pk).count() == 1  # nobody is here without his consent
        assert Placement.objects.get(enrollment__student=family.student.pk).group.name == "6Б"
    assert counted(place) == before


def test_a_lost_file_comes_back_with_its_content(school):
    place, family, stored = school.place, school.filed, school.stored
    schema = place.school.organization.schema_name
    with place.work():
        Achievement.objects.filter(pk=family.achievement.pk).delete()
        StoredFile.objects.filter(pk=stored.pk).delete()
    store.sweep(schema, (), now=timezone.now().timestamp() + 2 * store.GRACE_SECONDS)
    assert store.take(schema, sha_of(SCAN)) is None
    place.compare()
    (file,) = place.found(part="file")
    assert file.people == [family.student.pk]
    place.approve(place.ask(place.person("coordinator"), card=card(family)))
    assert store.take(schema, sha_of(SCAN)) == SCAN
    with place.work():
        assert StoredFile.objects.get().pk == Achievement.objects.get(student=family.student).file_id == stored.pk


def test_special_facts_come_along_when_it_is_said_so_and_nobody_learns_of_them(school):
    place, key = school.place, school.quiet.student.pk
    coordinator, director = place.person("coordinator"), place.person("director")
    own = Student.objects.filter(pk=key)
    with place.work():
        StudentSpecial.objects.filter(student=key).update(health_group="4")
        own.update(patronymic="Иное", disability=True)
    place.compare()
    plain = place.approve(place.ask(coordinator, card=card(school.quiet)), director)
    assert plain.outcome == "Возвращено записей: 1."
    with place.work():
        assert own.get().disability
        own.update(patronymic="Снова иное")
    place.compare()
    asked = place.ask(coordinator, card=card(school.quiet), with_special="on")
    assert "особыми сведениями, если" in asked.subject
    assert place.approve(asked, director).outcome == "Возвращено записей: 1."
    with place.work():
        assert not own.get().disability
        assert StudentSpecial.objects.get(student=key).health_group == "2"
    page = coordinator.get(f"/recovery/requests/{asked.pk}/").content.decode()
    assert "собые сведения" not in page
    assert "особые сведения: изменено" in director.get(f"/recovery/requests/{asked.pk}/").content.decode()
    undone = coordinator.post(f"/recovery/requests/{plain.pk}/undo/", {"reason": "первый раз"}, follow=True)
    assert "После сравнения запись изменили" in undone.content.decode()  # the second request has written since
    with place.work():
        assert own.get().patronymic == "Петрович"


def test_the_card_of_the_organization_says_again_what_it_holds(school):
    place = school.place
    with place.work():
        Building.objects.filter(pk=school.building.pk).delete()
        refresh_card(by="секретарь")
        OrganizationCard.objects.update(legal_form="")
    place.compare()
    cards = [f"organization:{one.head_id}" for one in place.found(entity="organization")]
    done = place.approve(place.ask(place.person("coordinator"), card=cards))
    with place.work():
        own = OrganizationCard.objects.get()
        assert (Building.objects.count(), own.building_count, own.legal_form) == (1, 1, "mbou"), done.outcome


def test_a_taking_back_is_taken_back_but_for_what_was_changed_since(school):
    place, lost, built, spoiled = school.place, school.undone, school.built, school.spoiled
    before = counted(place)
    lose(place, lost)
    lose(place, built)
    with place.work():
        Student.objects.filter(pk=spoiled.student.pk).update(patronymic="Иное")
        Achievement.objects.filter(pk=spoiled.achievement.pk).update(title="Иная")
    place.compare()
    coordinator = place.person("coordinator")
    approval = place.approve(place.ask(coordinator, card=whole(lost, built, spoiled)))
    assert counted(place) == before
    with place.work():
        Achievement.objects.filter(pk=spoiled.achievement.pk).update(result="1 место")
        fresh = {"kind": "olympiad", "title": "Новая", "level": "school", "recorded_by": "с"}
        Achievement.objects.create(student_id=built.student.pk, gained_on=datetime.date(2026, 11, 1), **fresh)
    undo = f"/recovery/requests/{approval.pk}/undo/"
    assert coordinator.post(undo, {}).status_code == 422
    assert "Отменено: " in coordinator.post(undo, {"reason": "ошиблись днём"}, follow=True).content.decode()
    with place.work():
        assert not Student.objects.filter(pk=lost.student.pk).exists()
        assert not Guardian.objects.filter(pk=lost.guardian.pk).exists()
        assert Student.objects.get(pk=spoiled.student.pk).patronymic == "Иное"
        kept = Achievement.objects.get(pk=spoiled.achievement.pk)
        assert (kept.title, kept.result) == ("Олимпиада", "1 место")
        assert Student.objects.filter(pk=built.student.pk).exists()  # somebody has built upon it
        gone = HistoryEvent.objects.filter(object_id=str(lost.student.pk), action="deleted").latest("id")
        assert gone.reason == f"Отмена возврата из копии (запрос № {approval.number}): ошиблись днём"
    assert counted(place) == before - 2
    place.approve(place.ask(coordinator, card=card(lost), reason="всё же нужен"))
    with place.work():
        assert Student.objects.filter(pk=lost.student.pk).exists()
