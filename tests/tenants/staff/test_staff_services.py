"""Hiring, correction and dismissal: nothing is lost, nobody stands twice."""

from __future__ import annotations

import datetime
import threading

import pytest
from django.db import IntegrityError, connections, transaction

from tenants.consents.models import Consent
from tenants.consents.services import withdraw
from tenants.history.models import HistoryEvent
from tenants.staff.errors import (
    AlreadyDismissed,
    BornAfterHire,
    CategoriesMixed,
    CategoryWantsHighest,
    CertificationUnfinished,
    ConsentMissing,
    DismissedBeforeHire,
    HiredBeforeDismissal,
    NotDismissed,
    RowDaysBroken,
    SameDocument,
    SameNameKnown,
    SnilsKnown,
)
from tenants.staff.models import Diploma, FormerValue, StaffMember
from tenants.staff.rows import add_row, annul_row, change_row
from tenants.staff.services import (
    dismiss,
    find_same,
    hire,
    link_accounts,
    reinstate,
    replace_document,
    write,
)
from tests.support import connect
from tests.tenants.staff.making import facts, member

D = datetime.date
SNILS = "11223344595"
PASSPORT = {
    "doc_type": "passport_rf",
    "doc_series": "0305",
    "doc_number": "111222",
    "doc_issued_on": D(2005, 5, 5),
    "doc_issued_by": "УВД г. Белореченска",
    "doc_department_code": "232-004",
}


def kinds(one: StaffMember) -> list[str]:
    return [row.kind for row in one.former_values.all()]


@pytest.mark.proves("R-007", "R-180", "R-182", "R-205")
def test_a_hired_employee_has_a_card_a_category_and_a_recorded_consent(school):
    with school.work():
        one = member(main_position="secretary")
        assert (one.personnel_category, one.consent_on, one.is_sealed) == ("support", D(2020, 9, 1), False)
        paper = Consent.objects.get(employee_id=one.pk)
        assert (paper.signed_on, paper.signer, paper.kind) == (D(2020, 9, 1), one.full_name, "staff")


@pytest.mark.proves("R-205")
def test_without_a_consent_nobody_is_hired(school):
    with school.work(), pytest.raises(ConsentMissing):
        hire(values=facts(consent_on=None), by="секретарь")


def test_a_second_card_of_one_snils_is_refused_with_the_name_also_of_a_dismissed_one(school):
    with school.work():
        one = member(snils=SNILS)
        dismiss(member=one, dismissed_on=D(2024, 6, 1), order_no="7-к", order_date=D(2024, 5, 20), by="секретарь")
        with pytest.raises(SnilsKnown, match=one.last_name):
            member(snils=SNILS)
        assert find_same({"snils": SNILS}) == [one]


def test_an_equal_name_and_birth_date_is_another_person_only_when_the_clerk_says_so(school):
    with school.work():
        one = member(last_name="Ёлкин")
        again = facts(last_name="Елкин")
        with pytest.raises(SameNameKnown, match=r"04\.03\.1985"):
            hire(values=again, by="секретарь")
        other = hire(values=again, by="секретарь", is_namesake=True)
        assert (one.namesake, other.namesake) == (0, 1)
        with pytest.raises(SameNameKnown):
            hire(values=again, by="секретарь")


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"birth_date": D(2021, 1, 1)}, BornAfterHire),
        ({"qualification_categories": ["first", "highest"]}, CategoriesMixed),
        ({"qualification_categories": ["first", "mentor"]}, CategoryWantsHighest),
    ],
)
def test_facts_that_contradict_each_other_are_refused(school, changes, refusal):
    with school.work(), pytest.raises(refusal):
        member(**changes)


def test_the_database_refuses_what_the_service_would(school):
    with school.work():
        one = member()
        for broken in ({"dismissed_on": D(2019, 1, 1)}, {"hire_date": D(1980, 1, 1)}, {"dismissed_on": D(2025, 1, 1)}):
            with pytest.raises(IntegrityError), transaction.atomic():
                StaffMember.objects.filter(pk=one.pk).update(**broken)


@pytest.mark.proves("R-180", "R-249")
def test_a_replaced_passport_a_former_address_name_and_position_stay_on_the_card(school):
    with school.work():
        one = member(**PASSPORT, residence_address="г. Белореченск, ул. Садовая, д. 1", main_position="educator")
        replace_document(
            member=one,
            values=PASSPORT | {"doc_series": "0315", "doc_number": "999888", "doc_issued_on": D(2026, 10, 1)},
            replaced_on=D(2026, 10, 1),
            by="секретарь",
            basis="достижение 45 лет",
        )
        write(one, {"residence_address": "г. Белореченск, ул. Ленина, д. 5"}, by="секретарь")
        write(one, {"last_name": "Новиков", "main_position": "senior_educator"}, by="секретарь")
        assert sorted(kinds(one)) == ["document", "main_position", "name", "residence_address"]
        old = one.former_values.get(kind="document")
        assert (old.doc_number, old.held_from, old.held_to) == ("111222", D(2005, 5, 5), D(2026, 10, 1))
        assert (one.doc_number, old.basis) == ("999888", "достижение 45 лет")
        moved = one.former_values.get(kind="main_position")
        assert (moved.text, moved.held_from) == ("Воспитатель", D(2020, 9, 1))


def test_the_same_passport_is_no_replacement_and_a_blank_that_is_filled_leaves_nothing(school):
    with school.work():
        one = member()
        write(one, PASSPORT | {"registration_address": "г. Белореченск, ул. Ленина, д. 5"}, by="секретарь")
        write(one, {"registration_address": "г.Белореченск, ул.Ленина, д.5"}, by="секретарь")
        assert kinds(one) == []
        with pytest.raises(SameDocument):
            replace_document(member=one, values=PASSPORT, replaced_on=D(2026, 1, 1), by="секретарь")


def test_another_day_is_another_consent_and_a_withdrawn_one_is_given_anew(school):
    with school.work():
        one = member()
        write(one, {"consent_on": D(2020, 9, 1), "email": "a@example.ru"}, by="секретарь")
        assert Consent.objects.filter(employee_id=one.pk).count() == 1
        write(one, {"consent_on": D(2024, 8, 31)}, by="секретарь")
        paper = Consent.objects.current().get(employee_id=one.pk)
        assert (paper.signed_on, one.consent_on) == (D(2024, 8, 31), D(2024, 8, 31))
        withdraw(consent=paper, withdrawn_on=D(2026, 5, 1), reason="заявление № 3", recorded_by="секретарь")
        one.refresh_from_db()
        assert one.is_sealed
        write(one, {"consent_on": D(2026, 6, 1)}, by="секретарь")
        assert (one.is_sealed, Consent.objects.filter(employee_id=one.pk).count()) == (False, 3)


@pytest.mark.proves("R-249")
def test_a_dismissed_employee_is_archived_by_an_order_and_kept(school):
    with school.work():
        one = member()
        with pytest.raises(DismissedBeforeHire):
            dismiss(member=one, dismissed_on=D(2020, 8, 1), order_no="7-к", order_date=D(2020, 8, 1), by="секретарь")
        dismiss(member=one, dismissed_on=D(2026, 6, 30), order_no="7-к", order_date=D(2026, 6, 20), by="секретарь")
        assert one in StaffMember.objects.working_on(D(2026, 6, 30))
        assert one in StaffMember.objects.dismissed_by(D(2026, 7, 1))
        with pytest.raises(AlreadyDismissed):
            dismiss(member=one, dismissed_on=D(2026, 6, 30), order_no="8-к", order_date=D(2026, 6, 20), by="секретарь")
        reasons = HistoryEvent.objects.filter(object_id=str(one.pk), action="changed").values_list("reason", flat=True)
        assert "Приказ № 7-к от 20.06.2026" in reasons


def test_a_dismissal_is_canceled_or_the_person_is_hired_again_in_his_own_card(school):
    with school.work():
        one = member()
        order = {"order_no": "9-к", "order_date": D(2026, 8, 20), "by": "секретарь"}
        with pytest.raises(NotDismissed):
            reinstate(member=one, **order)
        dismiss(member=one, dismissed_on=D(2026, 6, 30), order_no="7-к", order_date=D(2026, 6, 20), by="секретарь")
        one, _ = reinstate(member=one, **order)
        assert (one.dismissed_on, one.hire_date, kinds(one)) == (None, D(2020, 9, 1), [])
        dismiss(member=one, dismissed_on=D(2026, 6, 30), order_no="7-к", order_date=D(2026, 6, 20), by="секретарь")
        with pytest.raises(HiredBeforeDismissal):
            reinstate(member=one, hire_date=D(2026, 6, 1), **order)
        one, _ = reinstate(member=one, hire_date=D(2026, 9, 1), **order)
        assert (one.hire_date, one.hire_order_no) == (D(2026, 9, 1), "9-к")
        former = one.former_values.get(kind="employment")
        assert (former.held_from, former.held_to) == (D(2020, 9, 1), D(2026, 6, 30))


@pytest.mark.proves("R-183", "R-184")
def test_rows_keep_their_dates_and_one_written_by_mistake_is_kept_out_of_sight(school):
    with school.work():
        one = member()
        first = add_row(member=one, section="diplomas", values={"institution": "КубГУ"}, by="секретарь")
        add_row(member=one, section="diplomas", values={"institution": "АГУ", "issued_on": D(2015, 6, 1)}, by="с")
        add_row(
            member=one,
            section="awards",
            values={"name": "Почётная грамота", "level": "municipal", "awarded_on": D(2022, 10, 5)},
            by="секретарь",
        )
        change_row(row=first, values={"speciality": "Математика"})
        annul_row(row=first, reason="диплом другого человека")
        assert [row.institution for row in one.diplomas.all()] == ["АГУ"]
        assert Diploma.with_annulled.filter(member=one).count() == 2
        events = HistoryEvent.objects.filter(object_id=str(first.pk)).order_by("id")
        assert [event.action for event in events] == ["created", "changed", "changed"]
        assert "диплом другого человека" in events[2].reason


def test_rows_whose_days_go_backwards_are_refused(school):
    with school.work():
        one = member()
        backward = {
            "trainings": {"program": "ИКТ", "started_on": D(2026, 2, 2), "ended_on": D(2026, 2, 1)},
            "certifications": {"kind": "first", "started_on": D(2026, 2, 2), "decided_on": D(2026, 2, 1)},
        }
        for section, values in backward.items():
            with pytest.raises(RowDaysBroken):
                add_row(member=one, section=section, values=values, by="секретарь")
        with pytest.raises(CertificationUnfinished):
            add_row(member=one, section="certifications", values={"kind": "first"}, by="секретарь")


def test_an_attestation_in_force_gives_its_category_and_a_lower_one_takes_nothing_away(school):
    with school.work():
        one = member()

        def attested(kind: str, **values: object) -> list[str]:
            known = {"kind": kind, "decided_on": D(2025, 4, 1), **values}
            add_row(member=one, section="certifications", values=known, by="секретарь")
            one.refresh_from_db()
            return one.qualification_categories

        assert attested("mentor") == []  # it is added to the highest category only
        assert attested("highest", valid_to=D(2025, 4, 2)) == []  # over
        assert attested("first") == ["first"]
        assert attested("highest") == ["highest"]
        assert attested("mentor") == ["highest", "mentor"]
        assert attested("fitness") == ["highest", "mentor"]


@pytest.mark.proves("R-182")
def test_length_of_service_is_counted_in_months_until_the_last_working_day(school):
    with school.work():
        one = member(experience_total_from=D(2010, 9, 15), experience_teaching_from=D(2015, 1, 1))
        dismiss(member=one, dismissed_on=D(2025, 9, 14), order_no="7-к", order_date=D(2025, 9, 1), by="секретарь")
        one = StaffMember.objects.get(pk=one.pk)
        assert (one.experience_total, one.experience_teaching) == (179, 128)
        assert member().experience_total is None


def test_one_account_stands_on_one_card(school):
    with school.work():
        one, other = member(), member()
        key = "00000000-0000-7000-8000-000000000001"
        link_accounts({str(one.pk): key})
        link_accounts({str(other.pk): key})
        link_accounts({str(one.pk): "00000000-0000-7000-8000-000000000002"})
        keys = [str(StaffMember.objects.get(pk=known.pk).account_id) for known in (one, other)]
        assert keys == [key, "None"]


def test_two_clerks_who_hire_one_person_at_once_make_one_card(committed):
    school = connect(slug="staff-race")
    start, answers = threading.Barrier(2), []

    def clerk(**changes: object) -> None:
        try:
            start.wait()
            with school.work():
                member(last_name="Гонкин", **changes)
            answers.append("hired")
        except (SnilsKnown, SameNameKnown) as refusal:
            answers.append(refusal.code)
        finally:
            connections.close_all()

    for changes in ({}, {"snils": SNILS, "birth_date": D(1980, 1, 1)}):
        threads = [threading.Thread(target=clerk, kwargs=changes) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert answers.count("hired") == 2
    assert answers.count("staff_same_name_known") + answers.count("staff_snils_known") == 2
    with school.work():
        assert StaffMember.objects.count() == 2
        assert FormerValue.objects.count() == 0
