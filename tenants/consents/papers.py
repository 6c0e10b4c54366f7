"""Papers about personal data: the form of a consent, the act of blocked data, as PDF with the imprint."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest

from shared.access.requests import actor_of, note_look
from shared.classifiers.catalog import load_catalog
from shared.documents.imprint import Imprint
from shared.documents.papers import Part, render_paper
from tenants.consents.models import BlockedDecision, Consent, OperatorDetails, SubjectKind
from tenants.consents.services import deadline_of
from tenants.consents.terms import text_of_today, typical_terms
from tenants.people.models import Guardian, GuardianLink, Student

TYPICAL: Final = "Типовая форма, сверьте с юристом."
BLANK: Final = "____________________"
PRINTED: Final = "Печать формы согласия"


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


def consent_form(
    request: HttpRequest, imprint: Imprint, *, kind: str, student: Student, guardian: Guardian | None
) -> bytes:
    """The form of a consent with everything filled in that is open to who prints it; the print is recorded.

    Documents stand in it by the right to identity, the paper on a representative's powers by that to special facts:
    without them a line to write in. Source: 152-ФЗ ст. 9 ч. 4; ORGANIZATION 3.7, 3.8.
    """
    terms, typical = text_of_today(kind), typical_terms()[kind]
    link = GuardianLink.objects.filter(student=student, guardian=guardian).first() if guardian else None
    relation = load_catalog().label("guardian_relation", link.relation).lower() if link and link.relation else BLANK
    note_look(request, student.pk, "consent", action="printed")
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
            ("Документ ребёнка", _document(student) if _is_open(request, student, "students.identity") else BLANK),
            ("Документ о полномочиях", _powers(request, student, link)),
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


def _is_open(request: HttpRequest, student: Student, capability: str) -> bool:
    """Whether a right of who prints reaches this very learner."""
    reached = Student.objects.seen_by(actor_of(request), capability)
    return reached.filter(pk=student.pk).exists()


def _powers(request: HttpRequest, student: Student, link: GuardianLink | None) -> str:
    """The paper on the powers of a representative is a special fact: its look is recorded with a reason."""
    told = link.authority_document if link else ""
    if not told or not _is_open(request, student, "students.special.read"):
        return BLANK
    note_look(request, student.pk, "special", action="printed", reason=PRINTED)
    return told


def _document(student: Student) -> str:
    if not student.doc_number:
        return BLANK
    name = load_catalog().label("document_type", student.doc_type) if student.doc_type else ""
    issued = f", выдан {student.doc_issued_on:%d.%m.%Y}" if student.doc_issued_on else ""
    return " ".join(filter(None, [name, student.doc_series, "№", student.doc_number])) + issued
