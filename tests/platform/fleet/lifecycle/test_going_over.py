"""Another municipality or founder from a day: past days stay, sums hold, one office loses sight, the other gets it."""

from __future__ import annotations

import datetime
import threading
import uuid
from random import Random

import pytest
from django.db import ProgrammingError, connection, connections
from django.utils import timezone

from fleet import subordination
from fleet.errors import ChangePlanned, ChangeTooEarly, MunicipalityUnknown, NoPlan, NothingChanges, RegionStays
from fleet.subordination import REGIONAL, Change
from fleet.tasks import carry_out_subordination
from shared.contingent.counts import Territory, count
from shared.contingent.models import Person, RegistryEnrollment, RegistryMovement
from shared.messaging.models import TaskOutbox
from shared.organizations.models import AuthorityBody, Municipality, Organization, Subordination
from shared.statforms import behind
from shared.statforms.bindings import CellFilter, Measure
from shared.statforms.registry_facts import RegistryFacts
from shared.tenancy import scopes
from tenants.handup.projector import project, reconcile, settle
from tenants.orders.models import Enrollment, Placement
from tests.support import School, client_of, connect
from tests.tenants import factories

OLD, NEW = "03608000", "03601000"
TODAY = timezone.localdate()
DAY = TODAY - datetime.timedelta(days=10)
ONE = datetime.timedelta(days=1)


@pytest.fixture
def place(committed) -> School:
    return connect(f"go-{uuid.uuid4().hex[:8]}", oktmo=OLD)


def office(oktmo: str) -> AuthorityBody:
    return AuthorityBody.objects.using("owner").get(code=f"office-{oktmo}")


def plan(school: School, to: str | None = NEW, day: datetime.date = DAY, **facts: str) -> Subordination:
    with scopes.enter(scopes.of_operator().by("oleg")):
        return subordination.plan(school.organization.slug, Change(day, to, **facts), by="Олег Оператор")


def go_over(school: School, to: str | None = NEW, day: datetime.date = DAY, **facts: str) -> None:
    assert subordination.carry_out(plan(school, to, day, **facts).pk)
    TaskOutbox.objects.using("owner").filter(name=subordination.TASK).delete()


def present(school: School) -> Organization:
    return Organization.objects.using("owner").select_related("founder").get(pk=school.organization.pk)


def by_municipality(day: datetime.date) -> dict[str, int]:
    with scopes.enter(scopes.of_projector().reading()):
        rows = count(as_of=day, by=["municipality"]).rows
    return {row.key[0]: row.enrollments or 0 for row in rows}


def own(school: School, day: datetime.date, territory: str = "") -> int:
    """Places of the organization on a day, of all its territories or of one."""
    with scopes.enter(scopes.of_projector().reading()):
        where = Territory(organization=school.organization.pk, municipality=territory or None)
        return count(as_of=day, by=[], territory=where).total.enrollments or 0


def cube(oktmo: str, day: datetime.date) -> list[object]:
    """What a form of the municipality is computed from."""
    with scopes.enter(scopes.of_projector().reading()):
        facts = RegistryFacts(as_of=day, territory=Territory(municipality=oktmo))
        learners = facts.learners(frozenset({"grade", "sex", "program_kind"}), age_on=day)
        return [sorted(map(str, learners)), sorted(map(str, facts.groups()))]


def looks_in(school: School, authority: AuthorityBody) -> bool:
    scope = scopes.of_oversight(authority.pk, school.organization.schema_name)
    try:
        with scopes.enter(scope), connection.cursor() as cursor:
            cursor.execute("select 1 from oversight_learner")
    except ProgrammingError:
        return False
    return True


def live(school: School, seed: int) -> None:
    """Learners who come, change class, leave and take their consent back on random days about the date."""
    rng = Random(seed)

    def near() -> datetime.date:
        return DAY + rng.randint(-4, 4) * ONE

    with school.work():
        for number in range(20):
            child = factories.student(sex=rng.choice("MF"))
            first = DAY - rng.randint(0, 14) * ONE if number % 4 else near()
            factories.enroll(child, into=factories.group(rng.choice(["5А", "6Б"])), day=first)
            held = child.enrollments.get()
            if number % 3 == 0 and (left := near()) > first:
                factories.withdraw(child, day=left)
            elif number % 3 == 1 and (moved := near()) > first:
                held.placements.update(placed_to=moved)
                Placement.objects.create(enrollment=held, group=factories.group("7В"), placed_from=moved)
            elif number % 7 == 0:
                child.consent_withdrawn_on = near()
                child.save()
    settle(school.organization)
    reconcile(school.organization, repair=True)  # the classes changed above are told by nobody


@pytest.mark.parametrize("seed", [1, 2])
def test_past_days_stay_to_the_number_and_the_sum_holds_on_every_day(place, seed):
    live(place, seed)
    days = [DAY + shift * ONE for shift in range(-4, 5)]
    before = {day: by_municipality(day) for day in days}
    cubes = {day: (cube(OLD, day), cube(NEW, day)) for day in days if day < DAY}
    whole = {day: own(place, day) for day in days}

    go_over(place)

    for day in days:
        after = by_municipality(day)
        if day < DAY:
            assert after == before[day]
            assert (cube(OLD, day), cube(NEW, day)) == cubes[day]
            assert own(place, day, OLD) == whole[day]
        else:
            assert after.get(OLD, 0) == before[day].get(OLD, 0) - whole[day]
            assert after.get(NEW, 0) == before[day].get(NEW, 0) + whole[day]
            assert own(place, day, NEW) == whole[day]
        assert sum(after.values()) == sum(before[day].values())
        assert own(place, day) == whole[day]
    assert not reconcile(place.organization)


def test_what_is_projected_later_falls_to_whom_each_day_belongs(place):
    go_over(place)
    stale = place.organization  # read before the change, as a worker in the middle of its round has it
    with place.work():
        old, new = factories.student(), factories.student()
        factories.enroll(old, into=factories.group(), day=DAY - ONE)
        factories.enroll(new, into=factories.group(), day=DAY)
        factories.withdraw(old, day=DAY + ONE)
    project(stale)
    assert [own(place, DAY + shift * ONE, OLD) for shift in (-1, 0, 1)] == [1, 0, 0]
    assert [own(place, DAY + shift * ONE, NEW) for shift in (-1, 0, 1)] == [0, 2, 1]
    with scopes.enter(scopes.of_projector().reading()):
        moved = RegistryMovement.objects.filter(organization_id=stale.pk).order_by("effective_on")
        assert list(moved.values_list("flow", "municipality_oktmo")) == [("in", OLD), ("in", NEW), ("out", NEW)]
    assert not reconcile(stale)


def test_enrolling_while_it_goes_over_loses_and_doubles_nothing(place):
    """A clerk signs orders and the registry is projected all the while; the day is carried out in between."""
    done, faults = threading.Event(), []

    def clerk() -> None:
        try:
            with place.work():
                group = factories.group()
            while not done.is_set() or own(place, TODAY) < 8:
                with place.work():
                    factories.enroll(factories.student(), into=group, day=DAY - ONE)
                project(place.organization)
        except Exception as fault:  # noqa: BLE001 - told by the thread that asserts
            faults.append(fault)
        finally:
            connections.close_all()

    thread = threading.Thread(target=clerk)
    thread.start()
    try:
        while own(place, TODAY) < 3 and thread.is_alive():
            pass
        go_over(place)
    finally:
        done.set()
        thread.join(timeout=60)
    assert faults == []
    settle(place.organization)
    with place.work():
        signed = Enrollment.objects.count()
    assert own(place, DAY - ONE, OLD) == own(place, TODAY, NEW) == signed >= 8
    assert own(place, TODAY, OLD) == own(place, DAY - ONE, NEW) == 0
    assert not reconcile(place.organization)


def test_one_office_loses_sight_of_the_organization_and_the_other_gets_it(place):
    with place.work():
        factories.enroll(factories.student(last_name="Переходов"), into=factories.group(), day=DAY - ONE)
    settle(place.organization)

    def sees(oktmo: str) -> tuple[bool, set[str], list[datetime.date]]:
        opened = looks_in(place, office(oktmo))
        with scopes.enter(scopes.of_authority(office(oktmo).pk).reading()):
            rows = RegistryEnrollment.objects.filter(organization_id=place.organization.pk)
            people = Person.objects.filter(last_name="Переходов", pk__in=[row.person_id for row in rows])
            return opened, set(people.values_list("last_name", flat=True)), [row.days_from for row in rows]

    boris, address = client_of("municipality.localhost", "boris"), f"/organizations/{place.organization.slug}/"
    assert boris.get(address).status_code == 200
    assert sees(OLD) == (True, {"Переходов"}, [DAY - ONE])
    assert sees(NEW) == (False, set(), [])
    go_over(place)
    assert sees(OLD) == (False, set(), [DAY - ONE])  # the days it has to count, and nobody's name
    assert sees(NEW) == (True, {"Переходов"}, [DAY])
    assert boris.get(address).status_code == 404
    moved = present(place)
    assert (moved.municipality_id, moved.founder.code) == (NEW, f"office-{NEW}")


def test_a_form_of_a_past_day_has_as_many_lines_behind_a_cell_as_its_number(place):
    with place.work():
        factories.enroll(factories.student(), factories.student(), into=factories.group(), day=DAY - ONE)
    settle(place.organization)
    go_over(place)
    cell = CellFilter(measure=Measure.ENROLLMENTS, filters={}, age_on=DAY - ONE)
    asked = {"as_of": DAY - ONE, "territory": Territory(municipality=OLD, organization=place.organization.pk)}
    with scopes.enter(scopes.of_authority(office(OLD).pk).reading()):
        assert behind.number(cell, **asked) == 2
        assert [row.full_name for row in behind.places(cell, **asked, with_names=True)] == ["", ""]


def test_a_founder_from_a_day_takes_the_organization_and_its_days(place):
    culture = AuthorityBody.objects.using("owner").get(code="culture-03")
    with place.work():
        factories.enroll(factories.student(), into=factories.group(), day=DAY - ONE)
    settle(place.organization)
    go_over(place, None, founder="culture-03")
    with scopes.enter(scopes.of_projector().reading()):
        rows = RegistryEnrollment.objects.filter(organization_id=place.organization.pk).order_by("days_from")
        assert list(rows.values_list("municipality_oktmo", "founder_id", "days_from", "days_to")) == [
            (OLD, office(OLD).pk, DAY - ONE, DAY),
            (OLD, culture.pk, DAY, None),
        ]
    assert not looks_in(place, office(OLD))
    assert looks_in(place, culture)
    go_over(place, NEW, DAY + ONE)
    assert present(place).founder == culture  # not the former municipality's office: it stays
    assert not reconcile(place.organization)


def test_a_change_of_the_same_day_corrects_the_one_before(place):
    with place.work():
        factories.enroll(factories.student(), into=factories.group(), day=DAY - ONE)
    settle(place.organization)
    go_over(place, NEW)
    with pytest.raises(ChangeTooEarly, match=f"{DAY:%d.%m.%Y}"):
        plan(place, REGIONAL, DAY - ONE)
    go_over(place, "03701000")
    assert [own(place, DAY, oktmo) for oktmo in (OLD, NEW, "03701000")] == [0, 0, 1]
    go_over(place, OLD)
    assert [own(place, DAY, oktmo) for oktmo in (OLD, NEW)] == [1, 0]
    assert own(place, DAY - ONE, OLD) == 1
    assert Subordination.objects.using("owner").filter(organization=place.organization).count() == 1
    assert not reconcile(place.organization)


def test_a_future_change_waits_for_its_day_and_may_be_undone(place):
    ahead = TODAY + 3 * ONE
    planned = plan(place, NEW, ahead)
    assert not subordination.carry_out(planned.pk)
    assert present(place).municipality_id == OLD
    with pytest.raises(ChangePlanned, match=f"{ahead:%d.%m.%Y}"):
        plan(place, NEW, TODAY)
    with scopes.enter(scopes.of_operator()):
        subordination.undo_plan(place.organization.slug)
    with pytest.raises(NoPlan), scopes.enter(scopes.of_operator()):
        subordination.undo_plan(place.organization.slug)

    plan(place, NEW, ahead)
    assert subordination.carry_out_due(ahead - ONE) == 0
    assert subordination.carry_out_due(ahead) == 1
    assert subordination.carry_out_due(ahead) == 0
    assert present(place).municipality_id == NEW
    with pytest.raises(NoPlan), scopes.enter(scopes.of_operator()):
        subordination.undo_plan(place.organization.slug)


def test_the_wish_of_a_due_change_is_a_task_that_may_run_twice(place):
    planned = plan(place)
    wish = TaskOutbox.objects.using("owner").get(name=subordination.TASK, arguments__subordination_id=str(planned.pk))
    for _ in range(2):
        carry_out_subordination.run(**wish.arguments)
    wish.delete(using="owner")
    assert present(place).municipality_id == NEW
    assert present(place).version == place.organization.version + 1


def test_what_cannot_be_is_refused_in_words(place):
    for to, refusal in ((OLD, NothingChanges), ("99999999", MunicipalityUnknown), ("47701000", RegionStays)):
        with pytest.raises(refusal):
            plan(place, to)
    assert not Subordination.objects.using("owner").filter(organization=place.organization).exists()


def test_an_archived_organization_is_left_where_it_was(place):
    planned = plan(place, NEW, TODAY + ONE)
    Organization.objects.using("owner").filter(pk=place.organization.pk).update(status="archived")
    assert subordination.carry_out_due(TODAY + ONE) == 0
    assert not subordination.carry_out(planned.pk, today=TODAY + ONE)
    Organization.objects.using("owner").filter(pk=place.organization.pk).update(status="active")
    Subordination.objects.using("owner").filter(pk=planned.pk).delete()
    assert Municipality.objects.get(pk=OLD) == present(place).municipality
