"""Figures of every level are one count: a change leaves a mark, the worker counts, all pages show the same."""

from __future__ import annotations

import datetime

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from shared.kernel.ids import new_id
from shared.quality.grants import MARK
from shared.quality.models import KINDS as NAMES
from shared.quality.models import Mark, QualitySummary
from shared.tenancy.bulk import copy_rows
from tenants.cards.kinds import KINDS
from tenants.people.models import Guardian, Student
from tenants.quality.handing_up import CHECK_EVERY, hand_up_quality, recount_marked, recount_old
from tests.support import client_of
from tests.tenants import factories
from tests.tenants.quality.filling import learner, parent, whole
from tests.tenants.staff import making


@pytest.fixture(autouse=True)
def counted(school, other_school):
    """Connecting an organization is a change too: it is counted before the test begins."""
    recount_marked()


def marks(school) -> int:
    with school.work():
        return Mark.objects.count()


def own(school) -> dict[str, QualitySummary]:
    with school.work():
        return {one.kind: one for one in QualitySummary.objects.all()}


def test_the_room_of_cards_and_the_levels_above_name_the_same_kinds():
    assert {code: kind.many for code, kind in KINDS.items()} == NAMES


def test_every_way_of_changing_a_card_leaves_a_mark(school):
    def changes():
        child = learner()
        yield "service", lambda: None
        yield "query", lambda: Student.objects.filter(pk=child.pk).update(phone="1")
        yield (
            "copy",
            lambda: copy_rows(
                Guardian, [{"id": new_id(), "last_name": "Петров", "first_name": "", "patronymic": "", "phone": "1"}]
            ),
        )
        yield "sql", lambda: connection.cursor().execute("update people_student set email = 'a@b.ru'")
        yield "order", lambda: factories.withdraw(child, day=timezone.localdate())
        yield "staff", making.member

    with school.work():
        Mark.objects.all().delete()
        for name, change in changes():
            if name != "service":
                change()
            assert Mark.objects.count() == 1, name
            Mark.objects.all().delete()


def test_every_table_that_a_card_is_read_from_leaves_marks(school):
    tables = set()
    for kind in KINDS.values():
        tables.add(kind.model._meta.db_table)
        for field in kind.layout.fields.values():
            step = field.path.rpartition("__")[0]
            if step and not step.startswith("organization"):  # the directory row is written with the card
                tables.add(kind.model._meta.get_field(step).related_model._meta.db_table)
        for section in kind.layout.repeated:
            if section.need != "free":
                tables.add(kind.model._meta.get_field(section.rows).related_model._meta.db_table)
    with school.work(), connection.cursor() as cursor:
        cursor.execute(
            "select c.relname from pg_trigger t join pg_class c on c.oid = t.tgrelid "
            "where t.tgname = 'quality_mark' and c.relnamespace = current_schema()::regnamespace"
        )
        marked = {name for (name,) in cursor.fetchall()}
    assert tables <= marked
    assert {"orders_enrollment", "orders_placement", "people_guardianlink"} <= marked


@pytest.mark.proves("R-151", "R-159", "R-164")
def test_after_a_change_three_levels_show_the_same_figures(school):
    with school.work():
        child = learner(absences=whole(KINDS["student"]))
        learner()
        parent(child)
    assert recount_marked() == 1
    first = own(school)["student"]
    with school.work():
        Student.objects.filter(absences={}).update(phone="+79000000002")
    assert recount_marked() == 1
    second = own(school)["student"]
    assert second.filled == first.filled + 1
    inside = client_of(school.host, "coordinator").get("/quality/").context["found"].fillings["student"]
    lines = {}
    for host, login in (("municipality.localhost", "boris"), ("region.localhost", "marina")):
        page = client_of(host, login).get("/quality/").context["page_obj"]
        lines[host] = next(one for one in page if one.organization.pk == school.organization.pk)
    seen = {line.summaries["student"].percent for line in lines.values()}
    assert seen == {inside.percent} == {second.percent}
    assert {line.summaries["student"].filled for line in lines.values()} == {inside.filled}
    assert {line.counted_at for line in lines.values()} == {max(one.counted_at for one in own(school).values())}


def test_a_count_takes_its_marks_and_without_a_mark_nothing_is_counted(school):
    with school.work():
        learner()
    assert marks(school) > 0
    assert recount_marked() == 1
    assert marks(school) == 0
    assert recount_marked() == 0
    with school.work():
        assert not hand_up_quality(only_marked=True)


@pytest.mark.proves("R-037")
def test_each_organization_is_counted_once_a_day(school, other_school):
    recount_old()
    assert recount_old() == 0
    with school.work():
        QualitySummary.objects.update(counted_at=timezone.now() - datetime.timedelta(days=1))
    assert recount_old() == 1
    assert timezone.localdate(own(school)["student"].counted_at) == timezone.localdate()


@pytest.mark.proves("R-160")
def test_checks_run_with_the_first_change_and_then_lag_behind_for_minutes_only(school):
    with school.work():
        QualitySummary.objects.update(checked_at=timezone.now() - CHECK_EVERY)
        learner(sex="F", patronymic="Петрович")
    recount_marked()
    assert own(school)["student"].doubtful == 1
    with school.work():
        Student.objects.update(patronymic="Петровна")
    recount_marked()
    assert own(school)["student"].doubtful == 1
    assert recount_old() == 0
    with school.work():
        QualitySummary.objects.update(checked_at=timezone.now() - CHECK_EVERY)
    assert recount_old() == 1
    assert own(school)["student"].doubtful == 0


@pytest.mark.parametrize(
    "change",
    [
        "insert into quality_state_qualitysummary (organization_id, kind, cards, sealed, whole, due, filled, explained,"
        " stale, broken, doubtful, counted_at) values (%s, 'staff', 1, 0, 1, 1, 1, 0, 0, 0, 0, now())",
        "update quality_state_qualitysummary set organization_id = %s",
    ],
)
def test_an_organization_cannot_write_anothers_figures(school, other_school, change):
    with school.work():
        hand_up_quality()
    with pytest.raises(DatabaseError), school.work(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change, [other_school.organization.pk])


def test_an_organization_neither_sees_nor_takes_what_is_anothers(school, other_school):
    with other_school.work():
        learner()
        hand_up_quality()
        learner()
    waiting = marks(other_school)
    with school.work():
        Mark.objects.all().delete()
        assert not QualitySummary.objects.exclude(organization_id=school.organization.pk).exists()
    assert marks(other_school) == waiting > 0
    with pytest.raises(DatabaseError), school.work(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"insert into {MARK} (xid, schema_name) values (1, 't9999')")
