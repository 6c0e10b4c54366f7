"""What the room of consents keeps for the sealed archive: the register with its scans, decisions, requests."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Final

from django.db.models import Q, QuerySet

from shared.archive.parts import CHUNK, KEY, KeptFile, Part, Row, Span, printed_table
from shared.classifiers.catalog import load_catalog
from shared.documents.columns import Column
from tenants.consents.models import BlockedDecision, Consent, SubjectRequest
from tenants.consents.scans import SCAN
from tenants.files.models import StoredFile
from tenants.people.models import Student
from tenants.staff.models import StaffMember

APP: Final = "consents"


def _consents(span: Span) -> QuerySet[Consent]:
    """Consents that were in force in the span; of learners whose data are closed, a row without a name."""
    held = Q(withdrawn_on=None) | Q(withdrawn_on__gte=span.listed_from)
    return Consent.objects.filter(held, signed_on__lte=span.last).exclude(student__is_annulled=True)


def _scanned(span: Span) -> QuerySet[Consent]:
    """A scan names the person, so of closed data it stays out."""
    return _consents(span).exclude(student__in=Student.objects.blocked()).filter(withdrawn_on=None)


def _rows(span: Span) -> Iterator[Row]:
    catalog = load_catalog()
    staff: dict[uuid.UUID | None, str] = {one.pk: one.full_name for one in StaffMember.objects.known()}
    open_scans = set(_scanned(span).exclude(scan=None).values_list("pk", flat=True))
    found = _consents(span).select_related("student", "guardian", "scan").order_by("signed_on", "number", "id")
    for one in found.iterator(chunk_size=CHUNK):
        person = one.student or one.guardian
        subject = one.student.full_name if one.student else str(one.guardian or staff.get(one.employee_id, ""))
        signer = "" if one.student and one.student.is_blocked else one.signer
        key = person.pk if person else one.employee_id
        path = KeptFile(one.scan.sha256, one.scan.content_type).path if one.scan and one.pk in open_scans else ""
        kind = catalog.label("consent_kind", one.kind)
        days = [one.signed_on, one.valid_until, one.withdrawn_on]
        yield [
            str(key),
            one.get_subject_kind_display(),
            subject,
            kind,
            one.number,
            *days,
            signer,
            one.recorded_by,
            path,
        ]


def _files(span: Span) -> Iterator[KeptFile]:
    kept = StoredFile.objects.filter(purpose=SCAN, pk__in=_scanned(span).values("scan"))
    return (KeptFile(one.sha256, one.content_type) for one in kept.order_by("sha256"))


def _decisions(span: Span) -> Iterator[Row]:
    """What became of data whose consent was withdrawn: by act, without names."""
    found = BlockedDecision.objects.filter(decided_on__range=(span.first, span.last)).order_by("decided_on", "id")
    for one in found.iterator(chunk_size=CHUNK):
        act = [one.act_number, one.decided_on, one.get_decision_display()]
        yield [str(one.consent_id), *act, one.ground, one.kept_until, one.decided_by]


def _requests(span: Span) -> Iterator[Row]:
    found = SubjectRequest.objects.filter(made_on__range=(span.first, span.last), student__consent_withdrawn_on=None)
    for one in found.select_related("student").order_by("made_on", "id").iterator(chunk_size=CHUNK):
        asked = [one.get_kind_display(), one.made_on, one.due_on, one.text, one.author_name]
        answer = [one.get_status_display(), one.answer, one.answered_by, one.answered_on]
        yield [str(one.student_id), one.student.full_name, *asked, *answer]


PARTS: Final = (
    Part(
        app=APP,
        code="consents",
        title="Согласия на обработку персональных данных со сканами",
        needs=("consent.read", "students.list"),
        columns=(
            *(Column("Код субъекта", 36), Column("Чьи данные", 20), Column("Ф.И.О.", 36), Column("Вид", 36)),
            *(Column("Номер", 14), Column("Дата", 12, "date"), Column("Действует до", 12, "date")),
            *(Column("Отозвано", 12, "date"), Column("Кто подписал", 36), Column("Кто записал", 30)),
            Column("Скан", 30),
        ),
        rows=_rows,
        paper=printed_table("Номер", "Дата", "Ф.И.О.", "Чьи данные", "Вид", "Отозвано"),
        files=_files,
    ),
    Part(
        app=APP,
        code="consent_decisions",
        title="Решения о данных, согласие на которые отозвано",
        needs=("consent.read",),
        columns=(
            *(Column("Код согласия", 36), Column("№ акта", 14), Column("Дата", 12, "date")),
            *(Column("Решение", 24), Column("Основание", 44), Column("Хранить до", 12, "date")),
            Column("Кто решил", 30),
        ),
        rows=_decisions,
        is_people=False,
    ),
    Part(
        app=APP,
        code="subject_requests",
        title="Обращения субъектов персональных данных",
        needs=("consent.read", "students.list"),
        columns=(
            *(KEY, Column("Обучающийся", 36), Column("О чём", 24), Column("Дата", 12, "date")),
            *(Column("Ответить до", 12, "date"), Column("Просьба", 60), Column("Кто просит", 36)),
            *(Column("Состояние", 16), Column("Ответ", 60), Column("Кто ответил", 30)),
            Column("Дата ответа", 12, "date"),
        ),
        rows=_requests,
    ),
)
