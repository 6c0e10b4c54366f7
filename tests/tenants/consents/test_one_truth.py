"""After any sequence of cards, imports, corrections, withdrawals and undos the cards say what the register says."""

from __future__ import annotations

import datetime

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.imports.tables import Table
from shared.kernel.rules import RuleViolation
from tenants.consents.models import Consent
from tenants.consents.services import SignedPaper, record_guardian_consent, record_learner_consent, withdraw
from tenants.intake import services as intake
from tenants.intake.models import ImportRun, SealedDraft
from tenants.people.guardians import GuardianFacts, add_guardian
from tenants.people.models import Guardian, Student
from tenants.people.services import StudentFacts, create_student
from tenants.people.writing import write_student

D = datetime.date
TODAY = D(2026, 11, 22)
DAYS = [D(2026, 8, 20), D(2026, 9, 1), D(2026, 10, 5), D(2026, 11, 1)]
CHILDREN = ["Абрамов", "Ёлкина", "Журавлёв"]
HEADERS = [
    "Фамилия", "Имя", "Отчество", "Дата рождения", "Пол", "Класс", "Дата зачисления", "№ приказа", "Дата приказа",
    "Представитель: Фамилия", "Представитель: Имя", "Представитель: Степень родства", "Согласие на обработку ПДн",
]  # fmt: skip

child = st.integers(0, len(CHILDREN) - 1)
day = st.sampled_from(DAYS)
step = st.one_of(
    st.tuples(st.just("create"), child, day, st.booleans()),
    st.tuples(st.just("edit"), child, day, st.booleans()),
    st.tuples(st.just("withdraw"), child, day),
    st.tuples(st.just("again"), child, day),
    st.tuples(st.just("guardian"), child, day, st.booleans()),
    st.tuples(st.just("import"), st.lists(st.tuples(child, st.sampled_from([None, *DAYS])), max_size=3), st.booleans()),
    st.tuples(st.just("undo"), st.integers(0, 3)),
    st.tuples(st.just("draft"), child, day),
)


def learner(index):
    return Student.objects.filter(is_annulled=False, last_name=CHILDREN[index]).first()


def facts(index, consent_on):
    return StudentFacts(
        last_name=CHILDREN[index],
        first_name="Анна",
        birth_date=D(2015, 1, 1 + index),
        sex="F",
        consent_on=consent_on,
    )


def mother(index, consent_on):
    return GuardianFacts(
        last_name="Общая" if index else CHILDREN[index], first_name="Мать", relation="mother", consent_on=consent_on
    )


def row(index, consent_on):
    consent = f"{consent_on:%d.%m.%Y}" if consent_on else ""
    surname = "Общая" if index else CHILDREN[index]
    return [
        *(CHILDREN[index], "Анна", "", f"{1 + index:02d}.01.2015", "Ж", "5А", "01.09.2026", f"{index}-у", "01.09.2026"),
        *(surname, "Мать", "Мать", consent),
    ]


def edit(one, guardian):
    write_student(one, {"patronymic": "Львовна"}, by="С")
    if guardian:
        add_guardian(student=one, facts=guardian, recorded_by="С")


def act(name, *args):
    if name == "create":
        index, consent_on, with_mother = args
        guardians = [mother(index, consent_on if with_mother else None)]
        create_student(facts=facts(index, consent_on), guardians=guardians, recorded_by="С")
    elif name == "edit" and (one := learner(args[0])) and not one.is_blocked:
        edit(one, mother(args[0], args[1]) if args[2] else None)
    elif name == "withdraw" and (one := learner(args[0])):
        paper = Consent.objects.current().processing_of_learners().get(student=one)
        withdraw(consent=paper, withdrawn_on=args[1], reason="з", recorded_by="С")
    elif name == "again" and (one := learner(args[0])):
        record_learner_consent(student=one, paper=SignedPaper(signed_on=args[1], recorded_by="С"))
    elif name == "guardian" and (guardian := Guardian.objects.order_by("sort_name").first()):
        current = Consent.objects.current().processing_of_guardians().filter(guardian=guardian).first()
        if args[2] and current:
            withdraw(consent=current, withdrawn_on=args[1], reason="з", recorded_by="С")
        else:
            record_guardian_consent(guardian=guardian, paper=SignedPaper(signed_on=args[1], recorded_by="С"))
    elif name == "import":
        rows = [row(*one) for one in args[0]]
        table = Table(headers=HEADERS, rows=rows, numbers=list(range(2, len(rows) + 2)))
        source = intake.Source(table=table, file_name="f.csv", checksum="0", org_type="school", year=2026, today=TODAY)
        intake.bring_in(source, update=args[1], all_or_nothing=False, made_by="С")
    elif name == "undo" and (run := ImportRun.objects.filter(status="applied").order_by("made_at")[args[0] :].first()):
        intake.undo(run, made_by="С")
    elif name == "draft" and (sealed := SealedDraft.objects.sealed().filter(last_name=CHILDREN[args[0]]).first()):
        intake.record_consent(sealed, consent_on=args[1], made_by="С", today=TODAY)


def assert_agree():
    for one in Student.objects.filter(is_annulled=False):
        paper = Consent.objects.current().processing_of_learners().get(student=one)
        assert (one.consent_on, one.consent_withdrawn_on) == (paper.signed_on, paper.withdrawn_on), one.real_name
    for one in Guardian.objects.all():
        paper = Consent.objects.current().processing_of_guardians().filter(guardian=one).first()
        said = (paper.signed_on, paper.withdrawn_on) if paper else (None, None)
        assert (one.consent_on, one.consent_withdrawn_on) == said, str(one)


@pytest.mark.proves("R-175", "R-194")
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(step, max_size=7))
def test_the_cards_say_what_the_register_says(school, steps):
    with transaction.atomic():
        with school.work():
            for name, *args in steps:
                try:
                    with transaction.atomic():
                        act(name, *args)
                except RuleViolation:
                    continue
            assert_agree()
        transaction.set_rollback(True)


@pytest.mark.proves("R-194", "R-205")
def test_one_column_of_the_file_is_the_consent_of_the_learner_and_of_his_first_guardian(school):
    with school.work():
        act("import", [(0, D(2026, 9, 1)), (1, None)], False)
        assert Consent.objects.processing_of_learners().count() == 1
        paper = Consent.objects.processing_of_guardians().get()
        assert (paper.signed_on, str(paper.guardian)) == (D(2026, 9, 1), "Абрамов Мать")
        assert not Guardian.objects.get().is_sealed
        assert not Guardian.objects.filter(last_name="Общая").exists()
        act("draft", 1, D(2026, 10, 5))
        assert Consent.objects.processing_of_guardians().count() == 2
        assert_agree()


def test_a_file_neither_shows_nor_changes_what_is_held_of_a_blocked_learner(school):
    with school.work():
        act("create", 0, D(2026, 8, 20), True)
        act("withdraw", 0, D(2026, 9, 1))
        held = Student.objects.get()
        Student.objects.update(phone="+7 секрет")
        act("import", [(0, D(2026, 10, 5))], True)
        assert Student.objects.get().phone == "+7 секрет"
        assert Student.objects.get().consent_on == held.consent_on
        run = ImportRun.objects.get()
        assert "секрет" not in str([list(one.warnings) for one in run.rows.all()]) + str(run.summary)
        assert run.summary["drafts"] == 1
