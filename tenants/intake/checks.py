"""What one row may contradict in itself (refused) and what deserves a look (warned).

Source: INTERFACES 5 «Refused», CONTINGENT 4 (conflicts C6, C7 are warnings here, never refusals).
"""

import datetime
import re
from dataclasses import dataclass
from typing import Final

from shared.kernel.ages import age_doubt
from shared.kernel.days import months_between, written

from . import fields as f
from .fields import PlaceRow
from .values import Cells

OLDEST_BIRTH: Final = datetime.date(1900, 1, 1)
LATE_ORDER_DAYS: Final = 10  # an order this much later than the enrollment leaves a gap worth a look

_PASSPORT: Final = (re.compile(r"\d{4}", re.ASCII), re.compile(r"\d{6}", re.ASCII), "4 цифры", "6 цифр")
_BIRTH_CERTIFICATE: Final = (
    re.compile(r"[IVXLCІХУШПС1]{1,7}-?[А-ЯЁ]{2}"),
    re.compile(r"\d{6}", re.ASCII),
    "римское число и две буквы, например II-АГ",
    "6 цифр",
)
_DOCUMENT_SHAPES: Final = {"passport_rf": _PASSPORT, "birth_certificate": _BIRTH_CERTIFICATE}


@dataclass(frozen=True, slots=True)
class RowDays:
    """The dates of a row as far as they could be read; a check is silent about a date that is not there."""

    birth: datetime.date | None
    document: datetime.date | None
    enrolled: datetime.date | None
    order: datetime.date | None
    left: datetime.date | None
    departure_order: datetime.date | None
    consent: datetime.date | None


def refuse_impossible_days(cells: Cells, days: RowDays, today: datetime.date) -> None:
    """Birth in the future, anything before birth, departure not after enrollment."""
    birth = days.birth
    if birth is not None:
        if birth > today:
            cells.refuse(f.BIRTH_DATE, f"Дата рождения {written(birth)} ещё не наступила. Исправьте дату рождения.")
        elif birth < OLDEST_BIRTH:
            cells.refuse(f.BIRTH_DATE, f"Дата рождения {written(birth)} раньше 1900 года. Исправьте дату рождения.")
        else:
            _refuse_before_birth(cells, days, birth)
    if days.document is not None and days.document > today:
        cells.refuse(f.DOC_ISSUED_ON, f"Дата выдачи {written(days.document)} ещё не наступила. Исправьте дату выдачи.")
    if days.left is not None and days.enrolled is not None and days.left <= days.enrolled:
        cells.refuse(
            f.LEFT_ON,
            f"Дата выбытия {written(days.left)} не позже даты зачисления {written(days.enrolled)}. Исправьте одну из "
            "них: день выбытия — первый день, когда ученик уже не числится.",
        )


def _refuse_before_birth(cells: Cells, days: RowDays, birth: datetime.date) -> None:
    dated = (
        (f.DOC_ISSUED_ON, days.document, birth),
        (f.ENROLLED_ON, days.enrolled, birth + datetime.timedelta(days=1)),
        (f.ORDER_DATE, days.order, birth),
        (f.DEPARTURE_ORDER_DATE, days.departure_order, birth),
        (f.CONSENT_ON, days.consent, birth),
    )
    for field, day, earliest in dated:
        if day is not None and day < earliest:
            cells.refuse(
                field,
                f"В поле «{field}» стоит {written(day)}, а дата рождения — {written(birth)}. Исправьте одну из дат.",
            )


def refuse_half_departure(cells: Cells) -> None:
    """The four columns of a departure are filled together or not at all."""
    missing = [field for field in f.DEPARTURE if not cells.has(field)]
    if missing and len(missing) < len(f.DEPARTURE):
        names = ", ".join(f"«{field}»" for field in missing)
        cells.refuse(missing[0], f"Выбытие заполнено не полностью, не хватает: {names}. Заполните их или очистите все.")


def refuse_other_grade(cells: Cells, label: str, grade: int | None, parallel: int | None, *, has_grades: bool) -> None:
    """«Параллель» repeats the grade of «Класс» or stays empty; a group has none, whatever its name begins with."""
    if parallel is None or (has_grades and parallel == grade):
        return
    if has_grades and grade is not None:
        cells.refuse(
            f.GRADE, f"Класс «{label}» — это параллель {grade}, а указана {parallel}. Исправьте одно из полей."
        )
    elif has_grades:
        cells.refuse(
            f.GRADE,
            f"Указана параллель {parallel}, но класс «{label}» не начинается с её номера. "
            f"Напишите в поле «Класс» номер и букву, например «{parallel}А», или очистите поле «Параллель».",
        )
    else:
        cells.warn(f.GRADE, "У группы нет параллели, поле «Параллель» не учтено.")


def warn_about_row(cells: Cells, row: PlaceRow, today: datetime.date) -> None:
    """Everything that may be right but deserves a look."""
    _warn_about_age(cells, row)
    _warn_about_days(cells, row, today)
    _warn_about_document(cells, row)
    _warn_about_guardian(cells, row)
    if row.email and "@" not in row.email:
        cells.warn(f.EMAIL, f"Адрес «{row.email}» не похож на электронную почту. Проверьте его в карточке.")


def _warn_about_age(cells: Cells, row: PlaceRow) -> None:
    day = row.class_from
    months = months_between(row.birth_date, day)
    doubt = age_doubt(months, grade=row.grade, program_kind=row.program_kind, form_of_study=row.form_of_study)
    if doubt:
        age = f"{months // 12} л. {months % 12} мес."
        cells.warn(f.BIRTH_DATE, f"На {written(day)} ученику {age}, {doubt}. Проверьте дату рождения и класс.")


def _warn_about_days(cells: Cells, row: PlaceRow, today: datetime.date) -> None:
    dated = (
        (f.ORDER_DATE, row.order_date),
        (f.ENROLLED_ON, row.enrolled_on),
        (f.DEPARTURE_ORDER_DATE, row.departure_order_date),
        (f.LEFT_ON, row.left_on),
        (f.CONSENT_ON, row.consent_on),
    )
    for field, day in dated:
        if day is not None and day > today:
            cells.warn(field, f"В поле «{field}» стоит {written(day)}, этот день ещё не наступил. Проверьте дату.")
    if (row.order_date - row.enrolled_on).days > LATE_ORDER_DAYS:
        cells.warn(
            f.ORDER_DATE,
            f"Приказ от {written(row.order_date)} издан позже зачисления {written(row.enrolled_on)} больше чем на "
            f"{LATE_ORDER_DAYS} дней. Проверьте обе даты.",
        )
    if row.departure_order_date is not None and row.departure_order_date < row.order_date:
        cells.warn(
            f.DEPARTURE_ORDER_DATE,
            f"Приказ о выбытии от {written(row.departure_order_date)} раньше приказа о зачислении от "
            f"{written(row.order_date)}. Проверьте обе даты.",
        )


def _warn_about_document(cells: Cells, row: PlaceRow) -> None:
    if not row.doc_type:
        if row.doc_number:
            cells.warn(f.DOC_TYPE, "Указан номер документа, но не его тип. Выберите тип документа в карточке.")
        return
    if not row.doc_number:
        cells.warn(f.DOC_NUMBER, "Указан тип документа, но не его номер. Допишите номер в карточке.")
        return
    if shape := _DOCUMENT_SHAPES.get(row.doc_type):
        series, number, series_words, number_words = shape
        if not series.fullmatch(row.doc_series):
            cells.warn(f.DOC_SERIES, f"Серия «{row.doc_series}» необычна, у этого документа это {series_words}.")
        if not number.fullmatch(row.doc_number):
            cells.warn(f.DOC_NUMBER, f"Номер «{row.doc_number}» необычен, у этого документа это {number_words}.")


def _warn_about_guardian(cells: Cells, row: PlaceRow) -> None:
    named = bool(row.guardian_surname and row.guardian_name)
    if not named and (row.guardian_surname or row.guardian_name or row.guardian_phone or row.guardian_relation):
        field = f.GUARDIAN_NAME if row.guardian_surname else f.GUARDIAN_SURNAME
        cells.warn(field, "Представитель указан без фамилии или имени. Допишите их в карточке.")
