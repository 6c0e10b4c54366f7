"""«Что о нём хранится и кто смотрел»: the report to a subject of personal data. Source: R-004, R-025, R-170."""

from __future__ import annotations

import uuid
from typing import Final

from django.http import HttpRequest
from django.utils import timezone

from shared.access.requests import note_look
from shared.cards.layout import Layout
from shared.cards.values import value_of, written
from shared.classifiers.catalog import load_catalog
from shared.documents.downloads import imprint_of
from shared.documents.imprint import Imprint
from shared.documents.papers import Part, render_paper
from tenants.consents.looks import lists_opened_above, looks_at
from tenants.consents.models import Consent
from tenants.consents.papers import operator_lines
from tenants.consents.terms import typical_terms
from tenants.people.achievements import in_words
from tenants.people.fields import FIELDS
from tenants.people.layouts import GUARDIAN_LAYOUT, STUDENT_LAYOUT
from tenants.people.models import Guardian, Student
from tenants.people.special import special_lines

TITLE: Final = "Отчёт субъекту персональных данных"
EMPTY: Final = "не заполнено"
HANDED_UP: Final = (
    (
        "Единый региональный реестр контингента",
        "ФИО, дата рождения, пол, гражданство, места обучения; СНИЛС и документ — только для сличения; ОВЗ и "
        "инвалидность — да или нет",
    ),
    (
        "Муниципальный орган управления образованием, учредитель",
        "ФИО, дата рождения, пол, класс, форма обучения, движение, ОВЗ — да или нет; число представителей "
        "и их согласий",
    ),
    ("Государственная статистика", "числа без имён"),
)


def report_of(request: HttpRequest, student: Student, *, to_account: uuid.UUID | None = None) -> bytes:
    """The report as PDF; that it was printed is itself recorded."""
    note_look(request, student.pk, "report", action="printed")
    return subject_report(student, imprint_of(request, TITLE), to_account=to_account)


def subject_report(student: Student, imprint: Imprint, *, to_account: uuid.UUID | None = None) -> bytes:
    """Everything held about a learner and his representatives, on which ground, how long, where to, who looked.

    ``to_account``: to a representative; of the others he is told the name and the relation, no more.
    """
    looks = looks_at(student.pk)
    parts = [
        Part(
            paragraphs=_block(student),
            lines=[("Субъект", student.real_name), *operator_lines()],
        ),
        Part(title="Сведения карточки", columns=_HELD, rows=_card_rows(student)),
        Part(title="Особые сведения", columns=_HELD, rows=_special_rows(student)),
        Part(title="Представители", columns=_HELD, rows=_guardian_rows(student, to_account)),
        Part(
            title="Места обучения",
            columns=[("Программа", 3), ("С", 2), ("До", 2), ("Приказ", 3)],
            rows=_places(student),
        ),
        Part(
            title="Согласия",
            columns=[("Согласие", 4), ("Кто подписал", 3), ("Действует до", 2), ("Состояние", 3)],
            rows=_consent_rows(student, to_account),
        ),
        Part(title="Кому передаются", columns=[("Кому", 3), ("Какие сведения", 5)], rows=HANDED_UP),
        Part(
            title="Кто смотрел за последний год",
            paragraphs=[f"Вышестоящие органы открывали списки организации: {lists_opened_above()} раз."],
            columns=[("Когда", 2), ("Кто", 4), ("Что", 3), ("Причина", 3)],
            rows=[
                (f"{timezone.localtime(one.at):%d.%m.%Y %H:%M}", _who(one.who, one.role), one.what, one.reason)
                for one in looks
            ],
        ),
        Part(
            title="Срок хранения и права",
            paragraphs=[
                f"Срок: {typical_terms()['student'].term}.",
                "Вы вправе просить исправить или дополнить сведения (ответ — 7 рабочих дней с доказательства, "
                "152-ФЗ, ст. 20, 21) и отозвать согласие (ст. 9 ч. 2).",
            ],
        ),
    ]
    return render_paper(imprint, parts)


_HELD: Final = (("Поле", 3), ("Значение", 4), ("Категория, основание", 4))


def _block(student: Student) -> list[str]:
    day = student.consent_withdrawn_on
    return [f"Согласие отозвано {day:%d.%m.%Y}, сведения заблокированы."] if day else []


def _held(code: str, label: str, value: str) -> tuple[str, str, str]:
    field = FIELDS[code]
    return label, value or EMPTY, f"{field.category.label}. {field.basis}"


def _card_rows(student: Student) -> list[tuple[str, str, str]]:
    rows = _layout_rows(STUDENT_LAYOUT, student)
    rows += _former_rows(student)
    rows += [_held("achievement", "Достижение", in_words(one)) for one in student.achievements.all()]
    return [*rows, _held("account", FIELDS["account"].label, "есть" if student.account_id else "нет")]


def _layout_rows(layout: Layout, card: Student | Guardian) -> list[tuple[str, str, str]]:
    """Every common field of a card; special ones stand in a part of their own."""
    return [
        (field.label, written(field, value_of(card, field)) or EMPTY, f"{field.category.label}. {field.basis}")
        for field in layout.fields.values()
        if not field.is_special and not field.is_derived
    ]


def _former_rows(person: Student | Guardian) -> list[tuple[str, str, str]]:
    documents = [
        _held("former_document", "Прежний документ", f"{one}, до {one.replaced_on:%d.%m.%Y}")
        for one in person.former_documents.all()
    ]
    addresses = [
        _held("former_address", f"Прежний {one.get_kind_display().lower()}", f"{one}, до {one.left_on:%d.%m.%Y}")
        for one in person.former_addresses.all()
    ]
    return documents + addresses


def _special_rows(student: Student) -> list[tuple[str, str, str]]:
    return [_held(line.field, line.title, line.text) for line in special_lines(student)]


def _guardian_rows(student: Student, to_account: uuid.UUID | None) -> list[tuple[str, str, str]]:
    rows = []
    catalog = load_catalog()
    for link in student.guardian_links.select_related("guardian").order_by("guardian__sort_name"):
        relation = catalog.label("guardian_relation", link.relation) if link.relation else ""
        rows.append(_held("guardian_name", relation or "Представитель", str(link.guardian)))
        if to_account in (None, link.guardian.account_id):
            rows += _guardian_card(link.guardian)
    return rows


def _guardian_card(guardian: Guardian) -> list[tuple[str, str, str]]:
    """His own card; what waits for a consent is said to be closed."""
    if guardian.is_sealed:
        return [_held("guardian_phone", "Телефон", "закрыт до согласия представителя")]
    shown = [row for row in _layout_rows(GUARDIAN_LAYOUT, guardian) if row[0] not in ("Фамилия", "Имя", "Отчество")]
    return [*shown, *_former_rows(guardian)]


def _places(student: Student) -> list[tuple[str, str, str, str]]:
    places = student.enrollments.filter(is_annulled=False).select_related("order").order_by("enrolled_on", "id")
    return [
        (
            one.get_program_kind_display(),
            f"{one.enrolled_on:%d.%m.%Y}",
            f"{one.left_on:%d.%m.%Y}" if one.left_on else "",
            str(one.order),
        )
        for one in places
    ]


def _consent_rows(student: Student, to_account: uuid.UUID | None) -> list[tuple[str, str, str, str]]:
    return [
        (
            f"{one.get_kind_display()}: {one}",
            one.signer,
            f"{one.valid_until:%d.%m.%Y}" if one.valid_until else "",
            f"отозвано {one.withdrawn_on:%d.%m.%Y}"
            if one.withdrawn_on
            else "действует"
            if one.is_current
            else "заменено",
        )
        for one in consents_about(student.pk, to_account=to_account)
    ]


def consents_about(student_id: uuid.UUID, *, to_account: uuid.UUID | None = None) -> list[Consent]:
    """Consents of a learner and of those who represent him, the present ones first.

    ``to_account``: those a representative may see and withdraw: his child's and his own.
    """
    own = Consent.objects.filter(student=student_id)
    guardians = Consent.objects.filter(student=None, guardian__links__student=student_id)
    if to_account is not None:
        guardians = guardians.filter(guardian__account_id=to_account)
    both = (own | guardians).select_related("student", "guardian", "scan").distinct()
    return list(both.order_by("-is_current", "-signed_on", "-id"))


def _who(name: str, role: str) -> str:
    return name if role in ("", name) else f"{name}, {role.lower()}"
