"""The file «для правки»: cards as a spreadsheet that is edited and uploaded again, and the same file without rows.

The catalogs of approved fields keep documents, numbers and addresses out of exports («выгрузки»): lists that are taken
away to be read. This file is another thing: a working copy of the cards for the person who types them, and without
these fields it could not bring a corrected number back. So it is given only to who may edit all these cards, holds a
masked field only for who may see it on every card, needs the right to take lists away and the second signature for many
people, and is recorded as an export with the number of rows. Special facts are never in it. Source: R-053, R-121.
"""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import xlsxwriter
from django.utils import timezone
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from shared.cards.layout import Need
from shared.cards.models import CardModel
from shared.cards.values import offered, value_of
from shared.classifiers.catalog import load_catalog
from shared.kernel.cells import FORMULA_STARTS, neutralized, original
from tenants.cards.files.kinds import (
    CHILD_BORN,
    CHILD_KEY,
    CHILD_NAME,
    CONSENT,
    KEY,
    RELATION,
    SHOWN_OF_SEALED,
    Column,
    FileKind,
)
from tenants.cards.files.reading import ABSENCES, CLEAR, cell_of
from tenants.people.models import GuardianLink

SHEET: Final = "Карточки"
ABOUT: Final = "Пояснения"
BOOKS: Final = "Справочники"
MOST_TYPED: Final = 5000  # rows under the last card that also offer the lists
_OPTIONS: Final = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
_LONGEST: Final = 32_767
_FIRST_DAY: Final = datetime.date(1900, 3, 1)  # spreadsheets count earlier days wrongly
_WIDTHS: Final = {"date": 14, "past_date": 14, "address": 40, "note": 40, "flag": 12, "yes": 12, "integer": 12}
_NEEDS: Final = {
    Need.HARD: "обязательно",
    Need.SOFT: "желательно: без него карточка неполная",
    Need.FREE: "можно оставить пустым",
}
_FORMS: Final = {
    "date": "дата ДД.ММ.ГГГГ",
    "past_date": "дата ДД.ММ.ГГГГ, не позже сегодняшней",
    "choice": "одно значение из списка",
    "choices": "значения из списка через точку с запятой",
    "flag": "да или нет",
    "yes": "да или нет",
    "integer": "целое число",
    "decimal": "число, дробная часть через запятую",
    "snils": "11 цифр",
    "phone": "телефон: +7 и 10 цифр",
    "phones": "телефоны через запятую",
    "email": "адрес почты",
    "url": "адрес сайта",
    "address": "адрес: населённый пункт, улица, дом",
    "name": "буквами, как в документе",
    "note": "текст",
    "text": "текст",
}

Cell = str | datetime.date


def lines(kind: FileKind, columns: Sequence[Column], cards: Iterable[CardModel]) -> Iterator[list[Cell]]:
    """Rows of the file: one a card; a representative has one for each of his children."""
    known = list(cards)
    children = _children([card.pk for card in known]) if kind.has_children else {}
    for card in known:
        hidden = _hidden(kind, card)
        for child in children.get(card.pk, [{}]):
            yield ["" if column.code in hidden else _cell(card, column, child) for column in columns]


def to_csv(columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> tuple[bytes, int]:
    """The file as CSV (UTF-8, «;»), and how many rows it has."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=";")
    writer.writerow(neutralized(column.header) for column in columns)
    count = 0
    for row in rows:
        writer.writerow(neutralized(_text(cell)) for cell in row)
        count += 1
    return stream.getvalue().encode("utf-8-sig"), count


def to_xlsx(kind: FileKind, columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> tuple[bytes, int]:
    """The file as XLSX: values as text, lists to choose from, what each column means; and how many rows it has."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {**_OPTIONS, "default_date_format": "dd.mm.yyyy"}) as book:
        book.set_properties({"title": kind.card.many, "created": timezone.localtime().replace(tzinfo=None)})
        sheet, about, books = (book.add_worksheet(name) for name in (SHEET, ABOUT, BOOKS))
        offered = _write_books(books, columns)
        _write_header(book, sheet, columns)
        count = _write_rows(book, sheet, columns, rows)
        _offer(sheet, columns, offered, count + MOST_TYPED)
        _write_about(book, about, kind, columns)
    return stream.getvalue(), count


def _hidden(kind: FileKind, card: CardModel) -> Collection[str]:
    """Codes that do not leave with this card: under protection, or sealed until its subject agrees."""
    if not kind.card.is_sealed(card):
        return kind.card.hides(card)
    return {code for code, column in kind.columns.items() if not column.is_beside} - SHOWN_OF_SEALED


def _cell(card: CardModel, column: Column, child: Mapping[str, Cell]) -> Cell:
    code, field = column.code, column.field
    if code == KEY:
        return str(card.pk)
    if code in (CHILD_KEY, CHILD_NAME, CHILD_BORN, RELATION):
        return child.get(code, "")
    if code == CONSENT:
        return _day(getattr(card, CONSENT, None)) or ""
    if field.kind in ("date", "past_date") and (day := _day(value_of(card, field))):
        return day
    return cell_of(card, field)


def _day(value: Any) -> datetime.date | None:
    return value if isinstance(value, datetime.date) and value >= _FIRST_DAY else None


def _children(guardians: Collection[Any]) -> Mapping[Any, list[Mapping[str, Cell]]]:
    """The children of each representative; of one whose card is closed nothing leaves."""
    found = GuardianLink.objects.filter(
        guardian_id__in=guardians, student__is_annulled=False, student__consent_withdrawn_on=None
    )
    children: dict[Any, list[Mapping[str, Cell]]] = {}
    for link in found.select_related("student").order_by("student__sort_name", "id"):
        children.setdefault(link.guardian_id, []).append(_child(link))
    return children


def _child(link: GuardianLink) -> Mapping[str, Cell]:
    relations = load_catalog()["guardian_relation"]
    relation = relations[link.relation].label if link.relation in relations else link.relation
    student = link.student
    return {
        CHILD_KEY: str(student.pk),
        CHILD_NAME: student.real_name,
        CHILD_BORN: _day(student.birth_date) or "",
        RELATION: relation,
    }


def _text(cell: Cell) -> str:
    return f"{cell:%d.%m.%Y}" if isinstance(cell, datetime.date) else cell


def _write_header(book: xlsxwriter.Workbook, sheet: Worksheet, columns: Sequence[Column]) -> None:
    plain = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "bg_color": "#EEF2F6"})
    hard = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 2, "bg_color": "#DCE6F0"})
    typed = book.add_format({"num_format": "@", "valign": "top"})
    day = book.add_format({"num_format": "dd.mm.yyyy", "valign": "top"})
    for index, column in enumerate(columns):
        is_day = column.field.kind in ("date", "past_date")
        options = {"hidden": True} if column.code == KEY else {}
        sheet.set_column(index, index, _width(column), day if is_day else typed, options)
        sheet.write_string(0, index, column.header, hard if column.field.is_hard else plain)
    sheet.freeze_panes(1, 0)


def _width(column: Column) -> int:
    return _WIDTHS.get(column.field.kind, max(14, min(28, len(column.header) + 2)))


def _write_rows(
    book: xlsxwriter.Workbook, sheet: Worksheet, columns: Sequence[Column], rows: Iterable[Sequence[Cell]]
) -> int:
    formats = {
        "text": book.add_format({"num_format": "@", "valign": "top"}),
        "day": book.add_format({"num_format": "dd.mm.yyyy", "valign": "top"}),
        "quoted": book.add_format({"num_format": "@", "valign": "top", "quote_prefix": True}),
    }
    count = 0
    for count, row in enumerate(rows, start=1):
        for index, cell in enumerate(row):
            write_cell(sheet, count, index, cell, formats)
    sheet.autofilter(0, 0, max(count, 1), len(columns) - 1)
    sheet.ignore_errors({"number_stored_as_text": f"A1:{xl_col_to_name(len(columns) - 1)}{count + 1}"})
    return count


def write_cell(sheet: Worksheet, row: int, column: int, cell: Cell, formats: Mapping[str, Format]) -> None:
    """A text is written as text: «=1+1» is shown and never computed, zeros in front of a number stay.

    One that begins with an apostrophe of its own gets another, because reading takes one away.
    """
    if isinstance(cell, datetime.date):
        sheet.write_datetime(row, column, datetime.datetime.combine(cell, datetime.time()), formats["day"])
    elif cell:
        chosen = formats["quoted"] if cell.startswith(FORMULA_STARTS) else formats["text"]
        sheet.write_string(row, column, safe(cell), chosen)


def safe(text: str) -> str:
    """The text that reading brings back as it was."""
    return (f"'{text}" if original(text) != text else text)[:_LONGEST]


def _labels(column: Column) -> list[str]:
    """What a list of the column offers."""
    if column.field.kind in ("flag", "yes"):
        return ["да", "нет"]
    return [label for _, label in offered(column.field)] if column.field.classifier else []


def _write_books(sheet: Worksheet, columns: Sequence[Column]) -> dict[str, str]:
    """The lists on a sheet of their own; answers the range of each column's list by its code."""
    offered = {column.code: _labels(column) for column in columns}
    wanted = [column for column in columns if offered[column.code]]
    for index, column in enumerate(wanted):
        sheet.set_column(index, index, 28)
        sheet.write_string(0, index, column.header)
    longest = max((len(offered[column.code]) for column in wanted), default=0)
    for row in range(longest):
        for index, column in enumerate(wanted):
            if row < len(offered[column.code]):
                sheet.write_string(row + 1, index, offered[column.code][row])
    sheet.freeze_panes(1, 0)
    return {
        column.code: f"='{BOOKS}'!${(name := xl_col_to_name(index))}$2:${name}${len(offered[column.code]) + 1}"
        for index, column in enumerate(wanted)
    }


def _offer(sheet: Worksheet, columns: Sequence[Column], offered: Mapping[str, str], last: int) -> None:
    """Lists in the cells. They advise and do not forbid: «очистить» and «отсутствует» are written there too."""
    for index, column in enumerate(columns):
        if column.code in offered and column.field.kind != "choices":
            sheet.data_validation(
                1,
                index,
                last,
                index,
                {
                    "validate": "list",
                    "source": offered[column.code],
                    "error_type": "information",
                    "error_title": "Нет в списке",
                    "error_message": "Такого значения нет в справочнике. Выберите из списка.",
                },
            )


def _write_about(book: xlsxwriter.Workbook, sheet: Worksheet, kind: FileKind, columns: Sequence[Column]) -> None:
    bold = book.add_format({"bold": True, "valign": "top", "text_wrap": True, "bg_color": "#EEF2F6"})
    wrapped = book.add_format({"valign": "top", "text_wrap": True})
    for row, text in enumerate(_rules(kind)):
        sheet.write_string(row, 0, text)
    head = len(_rules(kind)) + 1
    titles = ("Колонка", "Раздел карточки", "Нужно ли", "Как писать", "Подсказка", "Значения", "Пункт")
    for index, (title, width) in enumerate(zip(titles, (30, 26, 26, 34, 46, 60, 24), strict=True)):
        sheet.set_column(index, index, width)
        sheet.write_string(head, index, title, bold)
    for row, column in enumerate(columns, start=head + 1):
        for index, text in enumerate(_about(column)):
            sheet.write_string(row, index, text[:_LONGEST], wrapped)


def _rules(kind: FileKind) -> tuple[str, ...]:
    absences = " или ".join(f"«{label}»" for label in ABSENCES)
    found = (
        "Исправьте ячейки на листе «Карточки» и загрузите файл снова: изменится только то, что в нём другое.",
        "Пустая ячейка ничего не меняет. "
        f"Чтобы стереть значение, напишите «{CLEAR}»; чтобы объяснить пропуск — {absences}.",
    )
    return found if kind.is_single else (*found, "Скрытая колонка «Ключ» узнаёт карточку: у новой строки она пуста.")


def _about(column: Column) -> tuple[str, ...]:
    field, labels = column.field, _labels(column)
    values = "; ".join(labels[:40]) + (f"; и ещё {len(labels) - 40} на листе «{BOOKS}»" if len(labels) > 40 else "")
    form = _FORMS.get(field.kind, "цифры")
    unit = f", {field.unit}" if field.unit else ""
    need = "нужно новой карточке" if column.is_beside and column.code == CONSENT else _NEEDS[field.need]
    return column.header, column.section, need, form + unit, field.help, values, field.clause
