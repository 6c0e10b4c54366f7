"""What the room of people keeps for the sealed archive: learners, their documents, special facts, representatives."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator
from typing import Any, Final

from django.db.models import Q, QuerySet

from shared.archive.parts import CHUNK, KEY, Cell, KeptFile, Part, Row, Span, card_columns, card_values, printed_table
from shared.cards.layout import Field
from shared.classifiers.catalog import load_catalog
from shared.documents.columns import Column
from tenants.files.models import StoredFile
from tenants.people.achievements import SCAN
from tenants.people.cards import ADDRESSES
from tenants.people.layouts import GUARDIAN_LAYOUT, STUDENT_LAYOUT
from tenants.people.models import Achievement, DeviantRecord, Guardian, GuardianLink, Student
from tenants.people.places import places_of, with_places
from tenants.people.queries import GuardianQuerySet
from tenants.people.records import FormerAddress, FormerDocument

APP: Final = "people"
NAMES: Final = frozenset({"last_name", "first_name", "patronymic"})
NAME, SORT = Column("Ф.И.О.", 36), ("sort_name", "id")


def _fields(layout: Any, *, masked: bool = False, special: bool = False) -> tuple[Field, ...]:
    """Fields that stand on the card itself, by how they are guarded."""
    return tuple(
        field
        for field in layout.fields.values()
        if not field.is_derived
        and field.code not in NAMES
        and field.is_special is special
        and (special or field.is_masked is masked)
    )


OPEN, MASKED, SPECIAL = (
    _fields(STUDENT_LAYOUT),
    _fields(STUDENT_LAYOUT, masked=True),
    _fields(STUDENT_LAYOUT, special=True),
)
PROTECTED: Final = tuple(field for field in MASKED if field.code in ADDRESSES)
GUARDIAN_OPEN, GUARDIAN_MASKED = _fields(GUARDIAN_LAYOUT), _fields(GUARDIAN_LAYOUT, masked=True)


def learners_of(span: Span) -> QuerySet[Student]:
    """Who had a place in the span; of everything, every card that stands."""
    kept = Student.objects.kept()
    if span.kind == Span.WHOLE:
        return kept
    held = Q(enrollments__left_on=None) | Q(enrollments__left_on__gt=span.listed_from)
    placed = Student.objects.filter(held, enrollments__is_annulled=False, enrollments__enrolled_on__lte=span.last)
    return kept.filter(pk__in=placed.values("pk"))


def open_learners(span: Span) -> QuerySet[Student]:
    """Those whose consent is in force: the data of the others are closed."""
    return learners_of(span).filter(consent_withdrawn_on=None).order_by(*SORT)


def _learners(span: Span) -> Iterator[Row]:
    return _cards(open_learners(span), span)


def _blocked(span: Span) -> Iterator[Row]:
    return _cards(learners_of(span).exclude(consent_withdrawn_on=None).order_by(*SORT), span)


def _cards(students: QuerySet[Student], span: Span) -> Iterator[Row]:
    for one in with_places(students).iterator(chunk_size=CHUNK):
        places = places_of(one, span.last)
        place = places[0] if places else None
        group = place.group_name if place else ""
        begun, left = (place.enrollment.enrolled_on, place.enrollment.left_on) if place else (None, None)
        days: list[datetime.date | None] = [begun, left if left and left <= span.last else None, one.consent_on]
        yield [str(one.pk), one.real_name, group, *days, *card_values(one, OPEN)]


def _documents(span: Span) -> Iterator[Row]:
    for one in open_learners(span).iterator(chunk_size=CHUNK):
        hidden: Collection[str] = ADDRESSES if one.is_address_protected else ()
        yield [str(one.pk), one.real_name, *card_values(one, MASKED, hidden)]


def _special(span: Span) -> Iterator[Row]:
    told = Q(special__isnull=False) | Q(health_limits=True) | Q(disability=True) | Q(is_address_protected=True)
    for one in open_learners(span).filter(told).select_related("special").iterator(chunk_size=CHUNK):
        addresses = card_values(one, PROTECTED if one.is_address_protected else ()) or [None] * len(PROTECTED)
        yield [str(one.pk), one.real_name, *card_values(one, SPECIAL), *addresses]


def _registrations(span: Span) -> Iterator[Row]:
    catalog = load_catalog()
    held = Q(registered_to=None) | Q(registered_to__gte=span.listed_from)
    found = DeviantRecord.objects.filter(held, student__in=open_learners(span), registered_from__lte=span.last)
    for one in found.select_related("student").order_by("registered_from", "id").iterator(chunk_size=CHUNK):
        kind = catalog.label("deviant_behavior", one.kind)
        yield [str(one.student_id), one.student.real_name, kind, one.registered_from, one.registered_to, one.basis]


def _former(span: Span) -> Iterator[Row]:
    """Documents and addresses that were replaced, of learners alone."""
    known = open_learners(span)
    papers = FormerDocument.objects.filter(student__in=known).select_related("student").order_by("replaced_on", "id")
    for paper in papers.iterator(chunk_size=CHUNK):
        text = f"{paper}, выдан {paper.doc_issued_by}".strip(", ")
        yield [str(paper.student_id), str(paper.student), "Документ", text, paper.doc_issued_on, paper.replaced_on]
    places = FormerAddress.objects.filter(student__in=known.filter(is_address_protected=False))
    for place in places.select_related("student").order_by("left_on", "id").iterator(chunk_size=CHUNK):
        kind = place.get_kind_display()
        yield [str(place.student_id), str(place.student), kind, place.address, None, place.left_on]


def _guardians_of(span: Span) -> GuardianQuerySet:
    links = GuardianLink.objects.filter(student__in=open_learners(span))
    found: GuardianQuerySet = Guardian.objects.filter(pk__in=links.values("guardian"))  # type: ignore[assignment]
    return found


def _guardians(span: Span) -> Iterator[Row]:
    """A row a child; of a representative without consent the name and the relation alone."""
    catalog = load_catalog()
    links = GuardianLink.objects.filter(student__in=open_learners(span)).select_related("student", "guardian")
    for link in links.order_by("student__sort_name", "student_id", "id").iterator(chunk_size=CHUNK):
        one = link.guardian
        sealed = one.is_sealed
        values: list[Cell] = [None] * len(GUARDIAN_OPEN) if sealed else card_values(one, GUARDIAN_OPEN)
        relation = catalog.label("guardian_relation", link.relation)
        papers = ["", ""] if sealed else [link.authority_document, link.get_rights_restriction_display()]
        names = [str(link.student_id), link.student.full_name, str(one.pk), str(one)]
        yield [*names, relation, *papers, "закрыта: нет согласия" if sealed else "", *values]


def _guardian_documents(span: Span) -> Iterator[Row]:
    for one in _guardians_of(span).agreed().order_by(*SORT).iterator(chunk_size=CHUNK):
        yield [str(one.pk), str(one), *card_values(one, GUARDIAN_MASKED)]


def _sealed_guardians(span: Span) -> list[str]:
    closed = _guardians_of(span).sealed().count()
    return (
        [f"Карточек без согласия: {closed}; в них только фамилия, имя, отчество и степень родства."] if closed else []
    )


def _closed_learners(span: Span) -> list[str]:
    closed = learners_of(span).exclude(consent_withdrawn_on=None).count()
    return [f"Карточек, закрытых отзывом согласия: {closed}; они вынесены в отдельную часть."] if closed else []


def _achieved(span: Span) -> QuerySet[Achievement]:
    return Achievement.objects.filter(student__in=open_learners(span), gained_on__range=(span.first, span.last))


def _achievements(span: Span) -> Iterator[Row]:
    catalog = load_catalog()
    kept = {one.pk: KeptFile(one.sha256, one.content_type).path for one in _achievement_scans(span)}
    for one in _achieved(span).select_related("student").order_by("gained_on", "id").iterator(chunk_size=CHUNK):
        kind, level = catalog.label("achievement_kind", one.kind), catalog.label("event_level", one.level)
        facts = [kind, one.title, level, one.gained_on, one.result, one.document]
        scan = kept.get(one.file_id, "") if one.file_id else ""
        yield [str(one.student_id), one.student.full_name, *facts, scan]


def _achievement_scans(span: Span) -> QuerySet[StoredFile]:
    return StoredFile.objects.filter(purpose=SCAN, pk__in=_achieved(span).values("file_id")).order_by("sha256")


def _achievement_files(span: Span) -> Iterator[KeptFile]:
    return (KeptFile(one.sha256, one.content_type) for one in _achievement_scans(span))


_CARD: Final = (
    *(KEY, NAME, Column("Класс, группа", 16)),
    *(Column("Зачислен", 12, "date"), Column("Выбыл", 12, "date"), Column("Согласие от", 12, "date")),
    *card_columns(OPEN),
)
_PRINTED: Final = printed_table("Ф.И.О.", "Дата рождения", "Класс, группа", "№ личного дела", "Зачислен", "Выбыл")

PARTS: Final = (
    Part(
        app=APP,
        code="learners",
        title="Обучающиеся: общие сведения",
        needs=("students.list", "students.read"),
        columns=_CARD,
        rows=_learners,
        paper=_PRINTED,
        remarks=_closed_learners,
        counts_learners=True,
    ),
    Part(
        app=APP,
        code="learners_closed",
        title="Обучающиеся: карточки, закрытые отзывом согласия",
        needs=("students.read", "consent.blocked"),
        columns=_CARD,
        rows=_blocked,
        is_special=True,
    ),
    Part(
        app=APP,
        code="learner_documents",
        title="Обучающиеся: документы, СНИЛС, адреса и телефоны",
        needs=("students.read", "students.identity"),
        columns=(KEY, NAME, *card_columns(MASKED)),
        rows=_documents,
    ),
    Part(
        app=APP,
        code="learner_former",
        title="Обучающиеся: прежние документы и адреса",
        needs=("students.read", "students.identity"),
        columns=(
            *(KEY, NAME, Column("Что", 20), Column("Прежнее значение", 50)),
            *(Column("Выдан", 12, "date"), Column("Действовал до", 12, "date")),
        ),
        rows=_former,
    ),
    Part(
        app=APP,
        code="learner_special",
        title="Обучающиеся: особые сведения",
        needs=("students.read", "students.special.read"),
        columns=(
            *(KEY, NAME, *card_columns(SPECIAL)),
            *(Column(f"{field.label} (под защитой)", 40) for field in PROTECTED),
        ),
        rows=_special,
        is_special=True,
    ),
    Part(
        app=APP,
        code="learner_registrations",
        title="Обучающиеся: постановка на учёт",
        needs=("students.read", "students.special.read"),
        columns=(
            *(KEY, NAME, Column("Вид учёта", 30), Column("Поставлен", 12, "date")),
            *(Column("Снят", 12, "date"), Column("Основание", 40)),
        ),
        rows=_registrations,
        is_special=True,
    ),
    Part(
        app=APP,
        code="guardians",
        title="Родители (законные представители)",
        needs=("students.list", "guardians.read"),
        columns=(
            *(Column("Код ребёнка", 36), Column("Ребёнок", 36), Column("Код представителя", 36)),
            *(Column("Представитель", 36), Column("Степень родства", 20), Column("Документ о праве представлять", 30)),
            *(Column("Ограничение прав", 24), Column("Карточка", 20), *card_columns(GUARDIAN_OPEN)),
        ),
        rows=_guardians,
        remarks=_sealed_guardians,
    ),
    Part(
        app=APP,
        code="guardian_documents",
        title="Родители: документы, СНИЛС, адреса и телефоны",
        needs=("guardians.read", "students.identity"),
        columns=(KEY, NAME, *card_columns(GUARDIAN_MASKED)),
        rows=_guardian_documents,
    ),
    Part(
        app=APP,
        code="achievements",
        title="Достижения обучающихся",
        needs=("students.list", "achievements.read"),
        columns=(
            *(KEY, NAME, Column("Вид", 20), Column("За что, мероприятие", 44), Column("Уровень", 20)),
            *(Column("Дата", 12, "date"), Column("Результат", 20), Column("Документ", 24), Column("Скан", 30)),
        ),
        rows=_achievements,
        paper=printed_table("Ф.И.О.", "За что, мероприятие", "Уровень", "Дата", "Результат"),
        files=_achievement_files,
    ),
)
