"""What the room of employees keeps for the sealed archive: cards, documents, rows of cards, works with their files."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.db.models import Q

from shared.archive.parts import (
    CHUNK,
    KEY,
    Cell,
    KeptFile,
    Part,
    Row,
    Span,
    card_columns,
    card_texts,
    card_values,
    printed_table,
)
from shared.documents.columns import Column
from tenants.files.models import StoredFile
from tenants.staff.layout import LAYOUT, ROWS, WORKS
from tenants.staff.models import FormerValue, MethodicalWork, StaffMember
from tenants.staff.queries import StaffQuerySet

APP: Final = "staff"
NAME, POSITION = Column("Ф.И.О.", 36), Column("Должность", 30)
_NAMES: Final = frozenset({"last_name", "first_name", "patronymic", "main_position"})
_KEPT: Final = tuple(one for one in LAYOUT.fields.values() if one.code not in _NAMES and not one.is_special)
OPEN: Final = tuple(one for one in _KEPT if not one.is_masked)
MASKED: Final = tuple(one for one in _KEPT if one.is_masked)


def _members(span: Span) -> StaffQuerySet:
    """Who worked here in the span."""
    held = Q(dismissed_on=None) | Q(dismissed_on__gte=span.listed_from)
    return StaffMember.objects.known().filter(held, hire_date__lte=span.last).order_by("sort_name", "id")


def _cards(span: Span) -> Iterator[Row]:
    """Without a consent the name and the position alone."""
    for one in _members(span).prefetch_related("certifications").iterator(chunk_size=CHUNK):
        sealed = one.is_sealed
        values: list[Cell] = [None] * len(OPEN) if sealed else card_values(one, OPEN)
        gone = None if sealed else one.dismissed_on
        mark = "закрыта: нет согласия" if sealed else ""
        yield [str(one.pk), one.full_name, one.position, mark, gone, *values]


def _documents(span: Span) -> Iterator[Row]:
    for one in _members(span).unsealed().iterator(chunk_size=CHUNK):
        yield [str(one.pk), one.full_name, *card_values(one, MASKED)]


def _rows(span: Span) -> Iterator[Row]:
    """Diplomas, courses, attestations, awards, works: what they are and all their fields in words."""
    known = _members(span).unsealed().values("pk")
    sections = {section.code: section for section in (*LAYOUT.repeated, WORKS)}
    for code, model in ROWS.items():
        section = sections[code]
        beside = ("member", "file") if model is MethodicalWork else ("member",)
        found = model.objects.filter(member__in=known).select_related(*beside).order_by("member__sort_name", "id")  # type: ignore[misc]
        for row in found.iterator(chunk_size=CHUNK):
            pairs = zip(section.fields, card_texts(row, section.fields), strict=True)
            facts = "; ".join(f"{field.label}: {text}" for field, text in pairs if text and field.kind != "file")
            stored = row.file if isinstance(row, MethodicalWork) else None
            path = KeptFile(stored.sha256, stored.content_type).path if stored else ""
            member = row.member  # type: ignore[attr-defined]
            yield [str(member.pk), member.full_name, section.title, facts, path]


def _former(span: Span) -> Iterator[Row]:
    known = _members(span).unsealed().values("pk")
    found = FormerValue.objects.filter(member__in=known).select_related("member").order_by("held_to", "id")
    for one in found.iterator(chunk_size=CHUNK):
        paper = " ".join(filter(None, [one.doc_series, one.doc_number, one.doc_issued_by]))
        text = one.text or paper
        days = [one.held_from, one.held_to]
        yield [str(one.member_id), one.member.full_name, one.get_kind_display(), text, *days, one.basis]


def _files(span: Span) -> Iterator[KeptFile]:
    works = MethodicalWork.objects.filter(member__in=_members(span).unsealed().values("pk"))
    for one in StoredFile.objects.filter(pk__in=works.values("file")).order_by("sha256"):
        yield KeptFile(one.sha256, one.content_type)


def _sealed(span: Span) -> list[str]:
    closed = _members(span).filter(Q(consent_on=None) | Q(consent_withdrawn_on__isnull=False)).count()
    return [f"Карточек без согласия: {closed}; в них только фамилия, имя, отчество и должность."] if closed else []


PARTS: Final = (
    Part(
        app=APP,
        code="staff",
        title="Работники",
        needs=("staff.read",),
        columns=(
            *(KEY, NAME, POSITION, Column("Карточка", 20), Column("Уволен", 12, "date")),
            *card_columns(OPEN),
        ),
        rows=_cards,
        paper=printed_table("Ф.И.О.", "Должность", "Дата приёма на работу", "Уволен"),
        remarks=_sealed,
    ),
    Part(
        app=APP,
        code="staff_documents",
        title="Работники: документы, адреса и телефоны",
        needs=("staff.read", "staff.identity"),
        columns=(KEY, NAME, *card_columns(MASKED)),
        rows=_documents,
    ),
    Part(
        app=APP,
        code="staff_rows",
        title="Работники: образование, курсы, аттестация, награды, разработки",
        needs=("staff.read",),
        columns=(KEY, NAME, Column("Раздел карточки", 30), Column("Сведения", 80), Column("Файл", 30)),
        rows=_rows,
        files=_files,
    ),
    Part(
        app=APP,
        code="staff_former",
        title="Работники: прежние документы, адреса, имена и должности",
        needs=("staff.read", "staff.identity"),
        columns=(
            *(KEY, NAME, Column("Что", 24), Column("Прежнее значение", 50)),
            *(Column("С", 12, "date"), Column("До", 12, "date"), Column("Основание", 40)),
        ),
        rows=_former,
    ),
)
