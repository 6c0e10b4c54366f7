"""What the room of protection keeps for the sealed archive: reviews of rights, regulations, incidents."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.db.models import QuerySet

from shared.archive.parts import CHUNK, KeptFile, Part, Row, Span
from shared.documents.columns import Column
from tenants.security.models import Incident, ProtectionRegulation, RightsReview

APP: Final = "security"


def _reviews(span: Span) -> Iterator[Row]:
    found = RightsReview.objects.filter(reviewed_on__range=(span.first, span.last)).order_by("reviewed_on", "id")
    for one in found.iterator(chunk_size=CHUNK):
        yield [one.reviewed_on, one.order_number, one.order_date, one.note, one.recorded_by]


def _approved(span: Span) -> QuerySet[ProtectionRegulation]:
    found = ProtectionRegulation.objects.filter(approved_on__lte=span.last).select_related("file")
    return found.order_by("approved_on", "id")


def _regulations(span: Span) -> Iterator[Row]:
    for one in _approved(span):
        path = KeptFile(one.file.sha256, one.file.content_type).path
        yield [one.number, one.approved_on, "действует" if one.is_current else "заменено", one.added_by, path]


def _files(span: Span) -> Iterator[KeptFile]:
    return (KeptFile(one.file.sha256, one.file.content_type) for one in _approved(span))


def _incidents(span: Span) -> Iterator[Row]:
    found = Incident.objects.filter(found_at__date__range=(span.first, span.last)).order_by("found_at", "id")
    for one in found.iterator(chunk_size=CHUNK):
        told = [one.found_at, one.description, one.data_categories, one.people_count, one.measures]
        yield [*told, one.notified_at, one.findings_sent_at, one.closed_on, one.recorded_by, one.closed_by]


PARTS: Final = (
    Part(
        app=APP,
        code="rights_reviews",
        title="Пересмотры прав доступа",
        needs=("security.read",),
        columns=(
            *(Column("Дата", 12, "date"), Column("№ приказа", 16), Column("Дата приказа", 12, "date")),
            *(Column("Примечание", 50), Column("Кто записал", 30)),
        ),
        rows=_reviews,
        is_people=False,
    ),
    Part(
        app=APP,
        code="regulations",
        title="Положения о защите персональных данных с файлами",
        needs=("security.read",),
        columns=(
            *(Column("№ приказа", 16), Column("Дата", 12, "date"), Column("Состояние", 12)),
            *(Column("Кто загрузил", 30), Column("Файл", 30)),
        ),
        rows=_regulations,
        files=_files,
        is_people=False,
    ),
    Part(
        app=APP,
        code="incidents",
        title="Журнал инцидентов с персональными данными",
        needs=("security.read",),
        columns=(
            *(Column("Обнаружен (UTC)", 28), Column("Что произошло", 60), Column("Категории данных", 30)),
            *(Column("Затронуто человек", 8, "int"), Column("Меры", 60), Column("Уведомление отправлено", 28)),
            *(Column("Результаты отправлены", 28), Column("Закрыт", 12, "date")),
            *(Column("Кто записал", 30), Column("Кто закрыл", 30)),
        ),
        rows=_incidents,
        is_people=False,
    ),
)
