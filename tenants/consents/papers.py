"""Papers about personal data: the form of a consent, the act of blocked data, as PDF with the imprint."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header

from shared.access.requests import actor_of, workplace_of
from shared.classifiers.catalog import load_catalog
from shared.documents.imprint import Imprint
from shared.documents.pdf import imprint_data, render_pdf
from tenants.consents.models import BlockedDecision, Consent, OperatorDetails, SubjectKind
from tenants.consents.services import deadline_of
from tenants.consents.terms import text_of_today, typical_terms
from tenants.people.models import Guardian, GuardianLink, Student

_TEMPLATE: Final = Path(__file__).parent / "documents/paper.typ"
TYPICAL: Final = "Типовая форма, сверьте с юристом."
BLANK: Final = "____________________"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A headed part of a paper: paragraphs, then lines «label: value», then a table."""

    title: str = ""
    paragraphs: Sequence[str] = ()
    lines: Sequence[tuple[str, str]] = ()
    columns: Sequence[tuple[str, int]] = ()
    rows: Sequence[Sequence[str]] = field(default_factory=tuple)

    @property
    def data(self) -> dict[str, object]:
        return {
            "title": self.title,
            "paragraphs": list(self.paragraphs),
            "lines": [list(line) for line in self.lines],
            "columns": [{"title": title, "width": width} for title, width in self.columns],
            "rows": [list(row) for row in self.rows],
        }


def render_paper(imprint: Imprint, parts: Sequence[Part], signatures: Sequence[str] = ()) -> bytes:
    """The PDF of headed parts."""
    data = {
        "imprint": imprint_data(imprint),
        "parts": [part.data for part in parts],
        "signatures": list(signatures),
    }
    return render_pdf(_TEMPLATE, data, made_at=imprint.made_at)


def imprint_of(request: HttpRequest, title: str) -> Imprint:
    return Imprint(
        organization=workplace_of(request),
        title=title,
        made_at=timezone.localtime(),
        executor=actor_of(request).signature,
    )


def pdf_answer(content: bytes, name: str) -> HttpResponse:
    """A paper as a download."""
    headers = {"Content-Disposition": content_disposition_header(True, name) or "attachment"}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def operator_lines() -> list[tuple[str, str]]:
    """Requisites of the operator and the responsible person, as every form shows them. Source: R-174."""
    details = OperatorDetails.objects.first()
    if details is None:
        return [("Реестр операторов", BLANK), ("Ответственный за ПДн", BLANK)]
    registered = f" от {details.registered_on:%d.%m.%Y}" if details.registered_on else ""
    responsible = ", ".join(
        filter(None, [details.responsible_name, details.responsible_post, details.responsible_order, details.contacts])
    )
    return [
        ("Реестр операторов", f"№ {details.register_number}{registered}" if details.register_number else BLANK),
        ("Ответственный за ПДн", responsible),
    ]


def consent_form(imprint: Imprint, *, kind: str, student: Student, guardian: Guardian | None) -> bytes:
    """The form of a consent with everything filled in that is known. Source: 152-ФЗ ст. 9 ч. 4; ORGANIZATION 3.8."""
    terms, typical = text_of_today(kind), typical_terms()[kind]
    link = GuardianLink.objects.filter(student=student, guardian=guardian).first() if guardian else None
    relation = load_catalog().label("guardian_relation", link.relation).lower() if link and link.relation else BLANK
    own = kind == "guardian"
    who = [
        ("Субъект (подписывает)", str(guardian) if guardian else BLANK),
        ("Документ подписавшего", BLANK * 2),
        ("Адрес подписавшего", BLANK * 2),
    ]
    if not own:
        who += [
            ("Представляет ребёнка", f"{student.real_name}, {student.birth_date:%d.%m.%Y} г. р."),
            ("Кем приходится", relation),
            ("Документ ребёнка", _document(student)),
            ("Документ о полномочиях", (link.authority_document if link else "") or BLANK),
        ]
    parts = [
        Part(paragraphs=[f"{TYPICAL} Обязательные части — по статье 9 Федерального закона 152-ФЗ."], lines=who),
        Part(title="Оператор", lines=[("Оператор", terms.operator), *operator_lines()]),
        Part(
            title="На что дано согласие",
            lines=[
                ("Цели обработки", terms.purposes),
                ("Перечень данных", terms.data),
                ("Действия с данными", terms.actions),
                ("Срок", typical.term),
                ("Как отозвать", "письменным заявлением оператору; обработка прекращается, кроме случаев по закону"),
            ],
        ),
    ]
    return render_paper(imprint, parts, ["Подпись субъекта персональных данных или его представителя"])


def blocked_act(imprint: Imprint, *, consent: Consent, decision: BlockedDecision) -> bytes:
    """The act of what was decided on data whose consent is withdrawn. Source: 152-ФЗ ст. 21 ч. 5."""
    withdrawn_on = consent.withdrawn_on or decision.decided_on
    subject = consent.student.real_name if consent.subject_kind == SubjectKind.LEARNER and consent.student else ""
    kept = [("Хранить до", f"{decision.kept_until:%d.%m.%Y}")] if decision.kept_until else []
    parts = [
        Part(
            paragraphs=[TYPICAL],
            lines=[
                ("Акт", f"№ {decision.act_number} от {decision.decided_on:%d.%m.%Y}"),
                ("Субъект", subject),
                ("Согласие", f"{consent}, отозвано {withdrawn_on:%d.%m.%Y}"),
                ("Срок по закону", f"до {deadline_of(withdrawn_on):%d.%m.%Y}"),
                ("Решение", decision.get_decision_display()),
                ("Основание", decision.ground),
                *kept,
            ],
        ),
        Part(title="Оператор", lines=operator_lines()),
    ]
    return render_paper(imprint, parts, ["Руководитель", "Ответственный за обработку персональных данных"])


def _document(student: Student) -> str:
    if not student.doc_number:
        return BLANK
    name = load_catalog().label("document_type", student.doc_type) if student.doc_type else ""
    issued = f", выдан {student.doc_issued_on:%d.%m.%Y}" if student.doc_issued_on else ""
    return " ".join(filter(None, [name, student.doc_series, "№", student.doc_number])) + issued
