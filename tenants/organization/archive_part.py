"""What the organization keeps of itself for the sealed archive: card, persons in charge, documents, premises."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.db.models import Q, QuerySet

from shared.archive.parts import CHUNK, KeptFile, Part, Row, Span, card_texts, printed_lines, printed_table
from shared.documents.columns import Column
from tenants.files.models import StoredFile
from tenants.organization.fields import LAYOUT
from tenants.organization.models import Building, Equipment, OrganizationDocument, ResponsiblePerson, Room
from tenants.organization.papers import PAPER
from tenants.organization.services import own_card

APP: Final = "organization"


def _card(span: Span) -> Iterator[Row]:
    """The card as it stands now, a field a row."""
    card = own_card()
    for section in LAYOUT.sections:
        if section.is_repeated:
            continue
        for field, text in zip(section.fields, card_texts(card, section.fields), strict=True):
            yield [section.title, field.label, f"{text} {field.unit}".strip() if text else ""]


def _responsibles(span: Span) -> Iterator[Row]:
    held = Q(held_to=None) | Q(held_to__gt=span.listed_from)
    found = ResponsiblePerson.objects.filter(held, held_from__lte=span.last).order_by("held_from", "name", "id")
    for one in found.iterator(chunk_size=CHUNK):
        yield [one.get_role_display(), one.name, one.position, one.order, one.held_from, one.held_to]


def _documents(span: Span) -> QuerySet[OrganizationDocument]:
    """Every edition issued by the end of the span."""
    return OrganizationDocument.objects.filter(issued_on__lte=span.last).order_by("kind", "title", "issued_on", "id")


def _document_rows(span: Span) -> Iterator[Row]:
    for one in _documents(span).select_related("file").iterator(chunk_size=CHUNK):
        path = KeptFile(one.file.sha256, one.file.content_type).path if one.file else ""
        state = "действует" if one.is_current else "заменён"
        yield [one.name, one.number, one.issued_on, one.valid_to, state, one.added_by, path]


def _files(span: Span) -> Iterator[KeptFile]:
    kept = StoredFile.objects.filter(purpose=PAPER, pk__in=_documents(span).order_by().values("file"))
    return (KeptFile(one.sha256, one.content_type) for one in kept.order_by("sha256"))


def _premises(span: Span) -> Iterator[Row]:
    """Buildings, rooms, equipment that were in use in the span."""
    used = Q(closed_on=None) | Q(closed_on__gt=span.listed_from)
    for one in Building.objects.filter(used).order_by("name", "id"):
        yield ["Здание", one.name, one.address, one.get_kind_display(), one.area_m2, None, one.closed_on]
    for room in Room.objects.filter(used).select_related("building").order_by("building__name", "number", "id"):
        yield ["Помещение", str(room), room.building.name, room.kind_name, room.area_m2, room.seats, room.closed_on]
    things = Equipment.objects.filter(used).select_related("building", "room").order_by("kind", "name", "id")
    for thing in things.iterator(chunk_size=CHUNK):
        where = f"{thing.building}, {thing.room}" if thing.room else str(thing.building)
        yield ["Оборудование", thing.name, where, thing.get_kind_display(), None, thing.quantity, thing.closed_on]


PARTS: Final = (
    Part(
        app=APP,
        code="organization",
        title="Карточка организации",
        needs=("organization.read",),
        columns=(Column("Раздел", 30), Column("Поле", 40), Column("Значение", 60)),
        rows=_card,
        paper=printed_lines("Поле", "Значение"),
        is_people=False,
    ),
    Part(
        app=APP,
        code="responsibles",
        title="Ответственные лица",
        needs=("organization.read",),
        columns=(
            *(Column("За что отвечает", 36), Column("Ф.И.О.", 36), Column("Должность", 30)),
            *(Column("Приказ", 24), Column("С", 12, "date"), Column("Не отвечает с", 12, "date")),
        ),
        rows=_responsibles,
        paper=printed_table("За что отвечает", "Ф.И.О.", "Приказ", "С", "Не отвечает с"),
    ),
    Part(
        app=APP,
        code="documents",
        title="Документы организации с файлами",
        needs=("organization.read",),
        columns=(
            *(Column("Документ", 50), Column("Номер", 20), Column("Дата", 12, "date")),
            *(Column("Действует до", 12, "date"), Column("Состояние", 12), Column("Кто внёс", 30)),
            Column("Файл", 30),
        ),
        rows=_document_rows,
        paper=printed_table("Документ", "Номер", "Дата", "Действует до", "Состояние"),
        files=_files,
        is_people=False,
    ),
    Part(
        app=APP,
        code="premises",
        title="Здания, помещения, оборудование",
        needs=("organization.read",),
        columns=(
            *(Column("Что", 16), Column("Название", 30), Column("Где", 40), Column("Вид", 24)),
            *(Column("Площадь, м²", 12), Column("Мест, штук", 10, "int"), Column("Не используется с", 12, "date")),
        ),
        rows=_premises,
        is_people=False,
    ),
)
