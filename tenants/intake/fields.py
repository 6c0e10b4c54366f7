"""Columns of the contingent file and the typed row that is read from it. Source: INTERFACES 5."""

import datetime
from dataclasses import dataclass
from typing import Final, Literal

ProgramKind = Literal["preschool", "general", "supplementary"]
Sex = Literal["M", "F"]

SURNAME: Final = "Фамилия"
NAME: Final = "Имя"
PATRONYMIC: Final = "Отчество"
BIRTH_DATE: Final = "Дата рождения"
SEX: Final = "Пол"
SNILS: Final = "СНИЛС"
CITIZENSHIP: Final = "Гражданство"
DOC_TYPE: Final = "Тип документа"
DOC_SERIES: Final = "Серия"
DOC_NUMBER: Final = "Номер"
DOC_ISSUED_ON: Final = "Дата выдачи"
DOC_ISSUED_BY: Final = "Кем выдан"
CLASS: Final = "Класс"
GRADE: Final = "Параллель"
PROGRAM: Final = "Программа"
DIRECTION: Final = "Направленность"
CLASS_TYPE: Final = "Вид класса (группы)"
AGE_BAND: Final = "Возрастная категория"
STAY_REGIME: Final = "Режим пребывания"
FINANCING: Final = "Источник финансирования"
CLASS_SET: Final = "Класс-комплект"
SHIFT: Final = "Смена"
FORM: Final = "Форма обучения"
HEALTH_LIMITS: Final = "ОВЗ"
DISABILITY: Final = "Инвалидность"
ENROLLED_ON: Final = "Дата зачисления"
ORDER_NUMBER: Final = "№ приказа"
ORDER_DATE: Final = "Дата приказа"
LEFT_ON: Final = "Дата выбытия"
DEPARTURE_REASON: Final = "Причина выбытия"
DEPARTURE_ORDER_NUMBER: Final = "№ приказа о выбытии"
DEPARTURE_ORDER_DATE: Final = "Дата приказа о выбытии"
HOME_ADDRESS: Final = "Адрес места жительства"
REGISTRATION_ADDRESS: Final = "Адрес регистрации"
PHONE: Final = "Телефон"
EMAIL: Final = "Эл. почта"
GUARDIAN_SURNAME: Final = "Представитель: Фамилия"
GUARDIAN_NAME: Final = "Представитель: Имя"
GUARDIAN_PATRONYMIC: Final = "Представитель: Отчество"
GUARDIAN_RELATION: Final = "Представитель: Степень родства"
GUARDIAN_PHONE: Final = "Представитель: Телефон"
CONSENT_ON: Final = "Согласие на обработку ПДн"

REQUIRED: Final = (SURNAME, NAME, BIRTH_DATE, SEX, CLASS, ENROLLED_ON, ORDER_NUMBER, ORDER_DATE)
DEPARTURE: Final = (LEFT_ON, DEPARTURE_REASON, DEPARTURE_ORDER_NUMBER, DEPARTURE_ORDER_DATE)
HEADERS: Final = (
    *(SURNAME, NAME, PATRONYMIC, BIRTH_DATE, SEX, SNILS, CITIZENSHIP),
    *(DOC_TYPE, DOC_SERIES, DOC_NUMBER, DOC_ISSUED_ON, DOC_ISSUED_BY),
    *(CLASS, GRADE, PROGRAM, DIRECTION, CLASS_TYPE, AGE_BAND, STAY_REGIME, FINANCING, CLASS_SET),
    *(SHIFT, FORM, HEALTH_LIMITS, DISABILITY, ENROLLED_ON, ORDER_NUMBER, ORDER_DATE),
    *DEPARTURE,
    *(HOME_ADDRESS, REGISTRATION_ADDRESS, PHONE, EMAIL),
    *(GUARDIAN_SURNAME, GUARDIAN_NAME, GUARDIAN_PATRONYMIC, GUARDIAN_RELATION, GUARDIAN_PHONE),
    CONSENT_ON,
)

# The longest text of each column; a longer optional one is cut with a warning, a longer required one is refused.
# A test holds these against the columns of the tables, those of the registry included.
MAX_LENGTH: Final = 255
MAX_LENGTHS: Final = {
    **dict.fromkeys((SURNAME, NAME, PATRONYMIC, GUARDIAN_SURNAME, GUARDIAN_NAME, GUARDIAN_PATRONYMIC), 100),
    **dict.fromkeys((ORDER_NUMBER, DEPARTURE_ORDER_NUMBER), 40),
    **dict.fromkeys((CLASS_SET, PHONE, GUARDIAN_PHONE), 50),
    **dict.fromkeys((HOME_ADDRESS, REGISTRATION_ADDRESS), 500),
    DOC_SERIES: 20,
    DOC_NUMBER: 30,
    DOC_ISSUED_BY: 300,
    EMAIL: 200,
    CLASS: 100,
}


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in one row: the column and a sentence with the way out."""

    field: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceRow:
    """One place of one learner, every value checked and stored as codes; an absent text is ''.

    ``citizenship`` is '' when the country was written but is not known. ``class_type`` is a code of ``class_type`` for
    a class and of ``group_orientation`` for a preschool group. ``group_name`` is canonical: «5А» of «5 «а»».
    ``academic_year`` is the year of the 1 September from which the class counts. ``departure_note`` keeps a reason
    that no classifier has. Without ``consent_on`` the row is a draft.
    """

    number: int
    surname: str
    name: str
    patronymic: str
    birth_date: datetime.date
    sex: Sex
    snils: str
    citizenship: str
    doc_type: str
    doc_series: str
    doc_number: str
    doc_issued_on: datetime.date | None
    doc_issued_by: str
    program_kind: ProgramKind
    grade: int | None
    letter: str
    group_name: str
    academic_year: int
    program: str
    direction: str
    class_type: str
    age_band: str
    stay_regime: str
    financing: str
    class_set: str
    shift: int | None
    form_of_study: str
    form_of_education: str
    health_limits: bool
    disability: bool
    enrolled_on: datetime.date
    order_number: str
    order_date: datetime.date
    left_on: datetime.date | None
    departure_reason: str
    departure_note: str
    departure_order_number: str
    departure_order_date: datetime.date | None
    home_address: str
    registration_address: str
    phone: str
    email: str
    guardian_surname: str
    guardian_name: str
    guardian_patronymic: str
    guardian_relation: str
    guardian_phone: str
    consent_on: datetime.date | None

    @property
    def class_from(self) -> datetime.date:
        """The first day in the class: the day of enrollment, but not before 1 September of the class's year."""
        return max(self.enrolled_on, datetime.date(self.academic_year, 9, 1))


@dataclass(frozen=True, slots=True)
class Parsed:
    """A row that can be applied, or the reasons why not; warnings never stop a row."""

    row: PlaceRow | None
    errors: list[Problem]
    warnings: list[Problem]
