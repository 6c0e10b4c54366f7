"""Rows of the contingent file read one by one: a typed place, or the reasons why the row is refused."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeVar

from shared.imports import rejected
from shared.imports.headers import match_headers, repeated_headers
from shared.kernel.classlabel import ClassLabel, group_name, parse_class_label
from shared.kernel.days import academic_year_of

from . import fields as f
from .checks import RowDays, refuse_half_departure, refuse_impossible_days, refuse_other_grade, warn_about_row
from .errors import ColumnsMissing
from .fields import Parsed, PlaceRow, Problem, ProgramKind
from .values import Cells

T = TypeVar("T")

KINDERGARTEN: Final = "preschool"
SCHOOL: Final = "school"
SUPPLEMENTARY: Final = "supplementary"
_CLASS_TYPES: Final[dict[ProgramKind, str]] = {"general": "class_type", "preschool": "group_orientation"}


@dataclass(frozen=True, slots=True)
class HeaderReport:
    """What the header row has and lacks; unknown columns are reported and ignored."""

    unknown: list[str]
    missing: list[str]
    repeated: list[str]

    def refuse_if_missing(self, filename: str) -> None:
        """Raises: ColumnsMissing."""
        if self.missing:
            raise ColumnsMissing(filename=filename, headers=", ".join(f"«{header}»" for header in self.missing))


class RowReader:
    """Reads rows of one file of one organization; ``headers`` comes first.

    ``year`` is the year of the 1 September of the classes, None for the current school year.
    """

    def __init__(self, org_type: str, *, year: int | None, today: datetime.date) -> None:
        self._org_type = org_type
        self._year = academic_year_of(today) if year is None else year
        self._today = today
        self._columns: list[tuple[int, str]] = []
        self._width = 0

    def headers(self, headers: Sequence[str]) -> HeaderReport:
        """Remember where the columns stand and report the rest."""
        match = match_headers(headers, (*f.HEADERS, *rejected.CONTINGENT.marks))
        self._columns = [(match.positions[header], header) for header in f.HEADERS if header in match.positions]
        self._width = len(headers)
        missing = [header for header in f.REQUIRED if header not in match.positions]
        return HeaderReport(match.unknown, missing, repeated_headers(headers))

    def read(self, values: Sequence[str], number: int) -> Parsed:
        """Check one row; every fault of it is found at once."""
        texts = {header: text for index, header in self._columns if (text := " ".join(values[index].split()))}
        cells = Cells(texts)
        if len(values) > self._width:
            reason = "В строке больше значений, чем колонок в заголовке. Уберите лишние значения справа."
            return Parsed(None, [Problem("Строка", reason)], [])
        row = self._place(cells, number)
        if row is None:
            return Parsed(None, cells.errors, cells.warnings)
        warn_about_row(cells, row, self._today)
        return Parsed(row, cells.errors, cells.warnings)

    def _place(self, cells: Cells, number: int) -> PlaceRow | None:
        surname, name = cells.required_name(f.SURNAME), cells.required_name(f.NAME)
        birth, sex, snils = cells.required_day(f.BIRTH_DATE), cells.sex(), cells.snils()
        days = _days(cells, birth)
        kind, label = self._class(cells)
        order_number = cells.required(f.ORDER_NUMBER)
        refuse_impossible_days(cells, days, self._today)
        refuse_half_departure(cells)
        if cells.errors:
            return None
        form_of_study, form_of_education = cells.forms()
        reason, note = cells.departure_reason()
        enrolled_on = _sure(days.enrolled)
        return PlaceRow(
            number=number,
            surname=surname,
            name=name,
            patronymic=cells.name(f.PATRONYMIC),
            birth_date=_sure(birth),
            sex=_sure(sex),
            snils=snils,
            citizenship=cells.choice(f.CITIZENSHIP, "country", default="RUS"),
            doc_type=cells.choice(f.DOC_TYPE, "document_type", otherwise="other"),
            doc_series=cells.text(f.DOC_SERIES).replace(" ", "").upper()[: f.MAX_LENGTHS[f.DOC_SERIES]],
            doc_number=cells.text(f.DOC_NUMBER).replace(" ", ""),
            doc_issued_on=days.document,
            doc_issued_by=cells.text(f.DOC_ISSUED_BY),
            program_kind=kind,
            grade=label.grade,
            letter=label.letter,
            group_name=label.name,
            academic_year=self._class_year(cells, enrolled_on, days.left),
            program=cells.text(f.PROGRAM),
            direction=_direction(cells, kind),
            class_type=cells.choice(f.CLASS_TYPE, _CLASS_TYPES[kind]) if kind in _CLASS_TYPES else "",
            age_band=cells.choice(f.AGE_BAND, "age_band"),
            stay_regime=cells.choice(f.STAY_REGIME, "stay_regime"),
            financing=cells.choice(f.FINANCING, "financing_kind"),
            class_set=cells.text(f.CLASS_SET),
            shift=cells.shift(),
            form_of_study=form_of_study,
            form_of_education=form_of_education,
            health_limits=cells.flag(f.HEALTH_LIMITS),
            disability=cells.flag(f.DISABILITY),
            enrolled_on=enrolled_on,
            order_number=order_number,
            order_date=_sure(days.order),
            left_on=days.left,
            departure_reason=reason,
            departure_note=note,
            departure_order_number=cells.text(f.DEPARTURE_ORDER_NUMBER),
            departure_order_date=days.departure_order,
            home_address=cells.text(f.HOME_ADDRESS),
            registration_address=cells.text(f.REGISTRATION_ADDRESS),
            phone=cells.text(f.PHONE),
            email=cells.text(f.EMAIL),
            guardian_surname=cells.name(f.GUARDIAN_SURNAME),
            guardian_name=cells.name(f.GUARDIAN_NAME),
            guardian_patronymic=cells.name(f.GUARDIAN_PATRONYMIC),
            guardian_relation=cells.choice(f.GUARDIAN_RELATION, "guardian_relation", otherwise="other"),
            guardian_phone=cells.text(f.GUARDIAN_PHONE),
            consent_on=days.consent,
        )

    def _class(self, cells: Cells) -> tuple[ProgramKind, ClassLabel]:
        """The kind of the program and the class or group; only a class of the general program has a grade."""
        text = cells.required(f.CLASS)
        label, corrected = _class_label(text)
        kind = self._program_kind(label.grade, has_program=cells.has(f.PROGRAM))
        if text and not label.name:
            cells.refuse(f.CLASS, "В поле «Класс» нет видимых знаков. Напишите класс или группу, например «5А».")
        has_grades = kind == "general" or (self._org_type == SCHOOL and kind == "preschool")
        refuse_other_grade(cells, text, label.grade, cells.grade(), has_grades=has_grades)
        if kind != "general":
            return kind, ClassLabel(None, "", group_name(text) if label.name else "")
        if corrected:
            cells.warn(f.CLASS, f"В поле «Класс» латинские буквы заменены на русские: «{label.name}».")
        if "ГРУПП" in label.letter:
            cells.warn(
                f.CLASS,
                f"«{text}» прочитано как {label.grade} класс. Если это группа, уберите число из начала названия.",
            )
        return kind, label

    def _program_kind(self, grade: int | None, *, has_program: bool) -> ProgramKind:
        """Source: INTERFACES 5, «Program kind»."""
        if has_program or self._org_type == SUPPLEMENTARY:
            return "supplementary"
        if self._org_type == KINDERGARTEN or (self._org_type == SCHOOL and grade is None):
            return "preschool"
        return "general"

    def _class_year(self, cells: Cells, enrolled_on: datetime.date, left_on: datetime.date | None) -> int:
        """The school year of the class: of the last counted day after a departure, else the file's.

        A place that begins after the file's year ends belongs to its own first year. Source: INTERFACES 5, «Year».
        """
        if left_on is not None:
            return academic_year_of(left_on - datetime.timedelta(days=1))
        first = academic_year_of(enrolled_on)
        if first > self._year:
            cells.warn(
                f.ENROLLED_ON,
                f"Зачисление {enrolled_on:%d.%m.%Y} позже {self._year}/{(self._year + 1) % 100:02d} учебного года. "
                f"Класс отнесён к {first}/{(first + 1) % 100:02d} году, проверьте дату зачисления.",
            )
        return max(self._year, first)


def _days(cells: Cells, birth: datetime.date | None) -> RowDays:
    return RowDays(
        birth=birth,
        document=cells.day(f.DOC_ISSUED_ON),
        enrolled=cells.required_day(f.ENROLLED_ON),
        order=cells.required_day(f.ORDER_DATE),
        left=cells.day(f.LEFT_ON),
        departure_order=cells.day(f.DEPARTURE_ORDER_DATE),
        consent=cells.day(f.CONSENT_ON),
    )


def _direction(cells: Cells, kind: ProgramKind) -> str:
    if kind == "supplementary":
        return cells.choice(f.DIRECTION, "program_direction")
    if cells.has(f.DIRECTION):
        cells.warn(f.DIRECTION, "Направленность есть только у дополнительных программ, поле не учтено.")
    return ""


@lru_cache(maxsize=8192)
def _class_label(text: str) -> tuple[ClassLabel, bool]:
    """The label, nameless when there is nothing to read, and whether Latin letters were exchanged in it."""
    try:
        label = parse_class_label(text)
    except ValueError:
        return ClassLabel(None, "", ""), False
    latin = any(sign.isascii() and sign.isalpha() for sign in text)
    return label, latin and not any(sign.isascii() and sign.isalpha() for sign in label.name)


def _sure(value: T | None) -> T:
    """A required value after the check that the row has no errors."""
    if value is None:
        raise AssertionError("a required value is absent, yet the row has no errors")
    return value
