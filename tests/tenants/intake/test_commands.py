"""``asuso contingent`` as a person at a terminal meets it: files, exit codes, the registry behind them."""

from __future__ import annotations

import csv
import datetime
import io
import json
import threading
import uuid
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from django.db import connections
from openpyxl import Workbook

from config.cli.contingent import contingent
from shared.contingent.counts import count
from shared.contingent.models import Outbox
from shared.tenancy import scopes
from tenants.handup.projector import reconcile
from tenants.intake import fields as f
from tenants.orders.models import Enrollment
from tenants.people.models import Student
from tests.support import School, connect
from tests.tenants.intake.bringing import learner

KEYS = ["import_id", "rows", "accepted", "drafts", "already", "different", "refused", "warnings"]


@pytest.fixture
def own(committed) -> School:
    """A school of its own: what is committed here stays."""
    return connect(f"im-{uuid.uuid4().hex[:8]}")


def run(*arguments: object) -> Result:
    result = CliRunner().invoke(contingent, [str(argument) for argument in arguments])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def bring(own: School, path: Path, *options: str) -> tuple[int, dict]:
    result = run(
        "import", "--organization", own.organization.slug, path, "--year", "2026", "--format", "json", *options
    )
    assert result.stdout, result.stderr
    return result.exit_code, json.loads(result.stdout)


def write(path: Path, *rows: dict[str, str], encoding: str = "utf-8", delimiter: str = ";") -> Path:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\n")
    writer.writerow(f.HEADERS)
    writer.writerows([row.get(header, "") for header in f.HEADERS] for row in rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def counted(own: School, *by: str) -> dict:
    with scopes.enter(scopes.of_projector().reading()):
        where = {"organization": [own.organization.slug]}
        return count(as_of=datetime.date(2026, 9, 20), by=by, where=where).document()


def test_the_answer_is_the_contract_and_the_registry_has_caught_up(own, tmp_path):
    path = write(tmp_path / "дети.csv", learner(), learner(name="Анна", sex="Ж"), learner(name="Олег", consent_on=None))
    code, answer = bring(own, path)
    assert code == 0
    assert [key for key in answer if key in KEYS] == KEYS
    assert [answer[key] for key in KEYS[1:7]] == [3, 2, 1, 0, 0, 0]
    assert counted(own, "sex")["total"] == {"persons": 2, "enrollments": 2}
    assert not Outbox.objects.using("owner").filter(organization_id=own.organization.pk).exists()
    code, answer = bring(own, path)
    assert [answer[key] for key in KEYS[1:7]] == [3, 0, 0, 3, 0, 0]
    assert not reconcile(own.organization)


@pytest.mark.parametrize(("encoding", "delimiter"), [("cp1251", ";"), ("utf-8-sig", ","), ("utf-8", ";")])
def test_every_way_to_save_a_csv_is_read(own, tmp_path, encoding, delimiter):
    path = write(tmp_path / "дети.csv", learner(surname="Ёлкин"), encoding=encoding, delimiter=delimiter)
    assert bring(own, path)[1]["accepted"] == 1
    with own.work():
        assert Student.objects.get().last_name == "Ёлкин"


def test_an_xlsx_with_real_dates_is_read(own, tmp_path):
    book = Workbook()
    book.active.append(list(f.HEADERS))
    row = learner()
    dated = {f.BIRTH_DATE: datetime.date(2015, 3, 5), f.ENROLLED_ON: datetime.datetime(2026, 9, 1)}
    book.active.append([dated.get(header) or row.get(header) or None for header in f.HEADERS])
    book.save(tmp_path / "дети.xlsx")
    assert bring(own, tmp_path / "дети.xlsx")[1]["accepted"] == 1


def test_refused_rows_are_written_beside_the_file_and_come_back_as_they_are(own, tmp_path):
    path = write(tmp_path / "дети.csv", learner(), learner(name="Олег", sex="?", phone="=1+1"))
    code, answer = bring(own, path)
    assert (code, answer["accepted"], answer["refused"]) == (1, 1, 1)
    rejected = tmp_path / "дети.csv.rejected.csv"
    content = rejected.read_bytes().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(content), delimiter=";"))
    assert [(row["Строка"], row["Поле"], row[f.PHONE]) for row in rows] == [("3", "Пол", "'=1+1")]
    assert "Напишите М или Ж" in rows[0]["Причина"]
    rejected.write_bytes(content.replace(";?;", ";М;").encode("utf-8-sig"))
    code, answer = bring(own, rejected)
    assert (code, answer["accepted"], answer["refused"]) == (0, 1, 0)
    with scopes.enter(scopes.of_organization(own.organization.schema_name).reading()):
        assert Student.objects.get(first_name="Олег").phone == "=1+1"
    write(path, learner())
    bring(own, path)
    assert (
        sorted(file.name for file in tmp_path.iterdir()) == ["дети.csv", "дети.csv.rejected.csv"]
        or not (tmp_path / "дети.csv.rejected.csv").exists()
    )


def test_the_file_of_refused_rows_goes_away_when_nothing_is_refused(own, tmp_path):
    path = write(tmp_path / "дети.csv", learner(sex="?"))
    bring(own, path)
    assert (tmp_path / "дети.csv.rejected.csv").exists()
    bring(own, write(path, learner()))
    assert [file.name for file in tmp_path.iterdir()] == ["дети.csv"]


def test_a_dry_run_counts_and_writes_nothing(own, tmp_path):
    path = write(tmp_path / "дети.csv", learner(), learner(name="Олег", sex="?"))
    code, answer = bring(own, path, "--dry-run")
    assert (code, answer["import_id"], answer["accepted"], answer["refused"]) == (1, None, 1, 1)
    assert list(answer) == KEYS
    assert [file.name for file in tmp_path.iterdir()] == ["дети.csv"]
    with own.work():
        assert not Student.objects.exists()


def test_all_or_nothing_stops_at_a_refused_row(own, tmp_path):
    path = write(tmp_path / "дети.csv", learner(), learner(name="Олег", sex="?"))
    code, answer = bring(own, path, "--all-or-nothing")
    assert (code, answer["accepted"], answer["refused"], list(answer)) == (1, 0, 1, KEYS)
    assert counted(own)["total"]["enrollments"] == 0


def test_undo_takes_the_places_out_of_the_registry_and_the_file_may_come_again(own, tmp_path):
    path = write(tmp_path / "дети.csv", learner(), learner(name="Анна", sex="Ж"))
    answer = bring(own, path)[1]
    result = run("undo", "--organization", own.organization.slug, answer["import_id"], "--format", "json")
    assert (result.exit_code, json.loads(result.stdout)["undone"]) == (0, True)
    assert counted(own)["total"]["enrollments"] == 0
    assert bring(own, path)[1]["accepted"] == 2
    assert counted(own)["total"] == {"persons": 2, "enrollments": 2}
    assert not reconcile(own.organization)
    again = run("undo", "--organization", own.organization.slug, answer["import_id"])
    assert again.exit_code == 1
    assert "нельзя отменить" in again.stderr


def test_what_does_not_exist_is_wrong_usage(own, tmp_path):
    path = write(tmp_path / "дети.csv", learner())
    assert run("import", "--organization", "no-such-school", path).exit_code == 2
    assert run("undo", "--organization", own.organization.slug, uuid.uuid4()).exit_code == 2


def test_two_processes_bringing_the_same_file_make_one_result(own, tmp_path):
    rows = [learner(name=name) for name in ("Олег", "Егор", "Марк", "Глеб", "Лев", "Яков")]
    path = write(tmp_path / "дети.csv", *rows)
    answers: list[dict] = []

    def one() -> None:
        try:
            answers.append(_bring_in(own, path))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer["accepted"] for answer in answers) == [0, 0, 6]
    assert sorted(answer["already"] for answer in answers) == [0, 6, 6]
    with own.work():
        assert (Student.objects.count(), Enrollment.objects.count()) == (6, 6)


def test_a_clerk_who_was_quicker_makes_the_row_refused(own, tmp_path, monkeypatch):
    """The clerk's order is signed between the decision and the writing: the database refuses, the row says why."""
    from tenants.intake import services
    from tests.tenants import factories

    with own.work():
        factories.group("6Б")
        child = factories.student(
            last_name="Ёлкин", first_name="Пётр", patronymic="", birth_date=datetime.date(2015, 3, 5), snils="",
            doc_number="",
        )  # fmt: skip
    write_plan = services.write
    clerks: list[bool] = []

    def write_after_the_clerk(plan, *, made_by):
        if not clerks:
            clerks.append(True)
            thread = threading.Thread(target=_enroll, args=(own, child.pk))
            thread.start()
            thread.join()
        write_plan(plan, made_by=made_by)

    monkeypatch.setattr(services, "write", write_after_the_clerk)
    answer = _bring_in(own, write(tmp_path / "дети.csv", learner()))
    assert (answer["accepted"], answer["refused"]) == (0, 1)


def _bring_in(own: School, path: Path) -> dict:
    """What the command does, without its output: CliRunner changes the streams of the whole process."""
    from shared.imports.tables import read_table
    from tenants.intake import services

    source = services.Source(
        table=read_table(path),
        file_name=path.name,
        checksum="0" * 64,
        org_type="school",
        year=2026,
        today=datetime.date(2026, 9, 20),
    )
    with own.work():
        return services.bring_in(source, update=False, all_or_nothing=False, made_by="Секретарь").summary


def _enroll(own: School, student_id: uuid.UUID) -> None:
    from tenants.groups.models import Group
    from tests.tenants import factories

    try:
        with own.work():
            factories.enroll(Student.objects.get(pk=student_id), into=Group.objects.get(name="6Б"))
    finally:
        connections.close_all()
