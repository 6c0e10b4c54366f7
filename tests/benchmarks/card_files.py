"""Files of cards: reading, keeping and checking 50,000 rows of learners, and applying a part of them."""

from __future__ import annotations

import datetime
import hashlib
import io
import uuid
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import xlsxwriter
from django.db import connections
from python_calamine import CalamineWorkbook

from shared.imports.tables import read_table
from tenants.cards.files import services
from tenants.cards.files.kinds import file_kinds
from tenants.cards.files.models import CardFile, Verdict
from tenants.people.bringing import bring_students
from tenants.people.models import Student
from tests.benchmarks.table import Row, timed
from tests.support import School, connect

ROWS = 50_000
KNOWN = 25_000
CHANGED_EVERY = 3
FIRST_DAY = datetime.date(2008, 9, 1)
HEADERS = (
    *("Ключ", "Фамилия", "Имя", "Отчество", "Дата рождения", "Пол", "СНИЛС", "Гражданство", "Тип документа"),
    *("Серия", "Номер", "Дата выдачи", "Кем выдан", "Место регистрации", "Место жительства", "Домашний телефон"),
    *("Адрес электронной почты", "Наличие ПК дома", "Родной язык", "Язык обучения", "Согласие на обработку ПДн"),
)


def checking_cards(folder: Path) -> Iterator[Row]:
    """Checking a file of 50,000 learners: half are known by key, a third of those change, half are new."""
    school = connect("bench-cards", short_name="Школа карточек")
    with school.work():
        keys = bring_students([_values(number) for number in range(KNOWN)], by="bench")
    content = _workbook(keys)
    reading = timed(lambda: list(CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).iter_rows()))
    checking = timed(lambda: _check(school, content))
    with school.work():
        run = CardFile.objects.get()
        counts = ", ".join(f"{run.summary[verdict]:,} {verdict}" for verdict in ("new", "changed", "same", "refused"))
    yield Row(f"check of a file of cards, {ROWS:,} rows", checking, "calamine reads the same file", reading, counts)
    applying = timed(lambda: _apply(school))
    with school.work():
        made = Student.objects.count() - KNOWN
    yield Row(f"applying it, {made:,} new cards", applying, "its check", checking)


def _check(school: School, content: bytes) -> None:
    """From the bytes to verdicts, in the steps that the worker takes."""
    kind = file_kinds()["student"]
    with school.work():
        bringer = services.Bringer(account_id=uuid.UUID(int=1), signature="bench", may_write=frozenset(kind.columns))
        run = services.stage(
            read_table(content, "карточки.xlsx"),
            kind=kind,
            file_name="карточки.xlsx",
            checksum=hashlib.sha256(content).hexdigest(),
            bringer=bringer,
        )
    with ThreadPoolExecutor(services.LANES) as worker:
        for lane in [worker.submit(_lane, school, run.pk) for _ in range(services.LANES)]:
            lane.result()


def _lane(school: School, key: uuid.UUID) -> None:
    """The steps of one chain of tasks."""
    try:
        while True:
            with school.work():
                run = CardFile.objects.get(pk=key)
                if run.status != CardFile.Status.CHECKING or not run.rows.filter(verdict=Verdict.WAITING).exists():
                    return
                services.check_step(run)
    finally:
        connections.close_all()


def _apply(school: School) -> None:
    with school.work():
        services.apply_or_mark(CardFile.objects.get(), all_or_nothing=False, skip_moved=False, by="bench")


def _values(number: int) -> dict[str, object]:
    return {
        "last_name": f"Соколов{_letters(number)}",
        "first_name": "Иван",
        "patronymic": "Петрович",
        "birth_date": FIRST_DAY + datetime.timedelta(days=number % 4000),
        "sex": "M",
        "snils": _snils(number),
        "citizenship": "RUS",
        "doc_type": "birth_certificate",
        "doc_series": "II-АГ",
        "doc_number": f"{number:06d}",
        "registration_address": f"г. Анапа, ул. Ленина, д. {number % 200 + 1}",
        "address": f"г. Анапа, ул. Ленина, д. {number % 200 + 1}",
        "phone": f"+7 918 {number // 10000:03d}-{number // 100 % 100:02d}-{number % 100:02d}",
        "consent_on": datetime.date(2026, 8, 20),
    }


def _cells(number: int, key: object) -> list[str]:
    one = _values(number)
    is_changed = key and number % CHANGED_EVERY == 0
    return [
        *(str(key or ""), str(one["last_name"]), "Иван", "Петрович", f"{one['birth_date']:%d.%m.%Y}", "Мужской"),
        *(str(one["snils"]), "Россия", "Свидетельство о рождении", "II-АГ", str(one["doc_number"])),
        *("", "", str(one["registration_address"]), str(one["address"]), str(one["phone"])),
        *(f"ivan{number}@example.ru" if is_changed or not key else "", "да" if is_changed else "", "", ""),
        "20.08.2026",
    ]


def _workbook(keys: Sequence[uuid.UUID]) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("Карточки")
        sheet.write_row(0, 0, HEADERS)
        for number in range(ROWS):
            for place, text in enumerate(_cells(number, keys[number] if number < len(keys) else None)):
                if text:
                    sheet.write_string(number + 1, place, text)
    return stream.getvalue()


def _letters(number: int) -> str:
    """A number as letters: a name has no digits."""
    return "".join(chr(ord("а") + int(digit)) for digit in str(number))


def _snils(number: int) -> str:
    digits = f"{number + 100_000_000:09d}"
    total = sum(int(digit) * place for digit, place in zip(digits, range(9, 0, -1), strict=True)) % 101
    return f"{digits}{total % 100:02d}"
