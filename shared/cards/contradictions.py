"""The small functions behind the rules of cards: each looks at a few values and says what contradicts, or nothing.

A check is asked only where the fields of its rule are filled (``shared.cards.rules``), so it reads them without asking.
"""

import datetime
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from rapidfuzz.distance import OSA

from shared.kernel.ages import age_doubt
from shared.kernel.days import SEPTEMBER, academic_year_of, months_between, written
from shared.kernel.identity_documents import BIRTH_CERTIFICATE, PASSPORT, SERIES, DocumentRefused, check_document

Values = Mapping[str, Any]  # Any: a value has the Python type of its field's kind
Check = Callable[[Values, datetime.date], str | None]

OLDEST_YEARS: Final = 100
WORK_FROM_YEARS: Final = 14  # Source: ORGANIZATION 2.2; ТК РФ, ст. 63
USUAL_STAFF_YEARS: Final = (16, 80)
GUARDIAN_FROM_YEARS: Final = 16
PASSPORT_FROM_YEARS: Final = 14
PASSPORT_CHANGED_AT: Final = (20, 45)
# A passport is valid for ninety days after the birthday. Source: постановление Правительства РФ от 23.12.2023 № 2267.
PASSPORT_GRACE: Final = datetime.timedelta(days=90)
FASTEST_INTERNET_MBPS: Final = 10_000  # Source: ORGANIZATION 2.1

_POPULAR_MAIL: Final = ("gmail.com", "yandex.ru", "rambler.ru", "inbox.ru", "outlook.com", "icloud.com", "hotmail.com")
_REAL_MAIL: Final = frozenset({*_POPULAR_MAIL, "inbox.eu", "yandex.eu", "rambler.eu"})
# Short domains have too many real neighbors to be guessed by distance.
_MAIL_TYPOS: Final = {
    **dict.fromkeys(("mial.ru", "maill.ru", "mali.ru", "mail.ri", "mail.tu", "mail.rru", "meil.ru"), "mail.ru"),
    **dict.fromkeys(("gmail.ru", "gmail.com.ru", "gmal.ru", "gmai.ru"), "gmail.com"),
    **dict.fromkeys(("lsit.ru", "list.ri"), "list.ru"),
}
_FEMALE_PATRONYMIC: Final = re.compile(r"(?:вна|чна|кызы|кизи|гызы)$", re.IGNORECASE)
_MALE_PATRONYMIC: Final = re.compile(r"(?:ич|оглы|оглу|улы|уулу|угли)$", re.IGNORECASE)
_MIXED_WORD: Final = re.compile(r"[A-Za-z][’'`]?[А-Яа-яЁё]|[А-Яа-яЁё][’'`]?[A-Za-z]")
_WEB: Final = re.compile(r"https?://[^\s/]+\.[^\s/]+(?:/\S*)?", re.IGNORECASE)


def _years(birth: datetime.date, day: datetime.date) -> int:
    return months_between(birth, day) // 12


def not_in_future(field: str, what: str) -> Check:
    def check(values: Values, today: datetime.date) -> str | None:
        if values[field] <= today:
            return None
        return f"{what} {written(values[field])} ещё не наступила. Исправьте дату."

    return check


def not_before(field: str, what: str, earlier: str, than: str) -> Check:
    def check(values: Values, _today: datetime.date) -> str | None:
        if values[field] >= values[earlier]:
            return None
        return f"{what} {written(values[field])} раньше, чем {than} {written(values[earlier])}. Исправьте одну из дат."

    return check


def not_ended(field: str, what: str, next_step: str) -> Check:
    def check(values: Values, today: datetime.date) -> str | None:
        if values[field] >= today:
            return None
        return f"{what} {written(values[field])}. {next_step}"

    return check


def not_negative(field: str, what: str) -> Check:
    def check(values: Values, _today: datetime.date) -> str | None:
        return f"{what} меньше нуля. Исправьте число." if values[field] < 0 else None

    return check


def not_too_old(values: Values, today: datetime.date) -> str | None:
    if _years(values["birth_date"], today) <= OLDEST_YEARS:
        return None
    return f"По дате рождения {written(values['birth_date'])} человеку больше {OLDEST_YEARS} лет. Исправьте год."


def may_work(values: Values, today: datetime.date) -> str | None:
    years = _years(values["birth_date"], today)
    if not 0 <= years < WORK_FROM_YEARS:
        return None
    return f"По дате рождения работнику нет {WORK_FROM_YEARS} лет. Исправьте дату рождения."


def usual_staff_age(values: Values, today: datetime.date) -> str | None:
    years = _years(values["birth_date"], today)
    youngest, oldest = USUAL_STAFF_YEARS
    if years < WORK_FROM_YEARS or youngest <= years <= oldest:
        return None
    return f"По дате рождения работнику {years}: это необычный возраст. Проверьте дату рождения."


def usual_guardian_age(values: Values, today: datetime.date) -> str | None:
    if _years(values["birth_date"], today) >= GUARDIAN_FROM_YEARS:
        return None
    return f"По дате рождения представителю нет {GUARDIAN_FROM_YEARS} лет. Проверьте дату рождения."


def hired_old_enough(values: Values, _today: datetime.date) -> str | None:
    if _years(values["birth_date"], values["hire_date"]) >= WORK_FROM_YEARS:
        return None
    return (
        f"На дату приёма {written(values['hire_date'])} работнику нет {WORK_FROM_YEARS} лет. Исправьте дату приёма или "
        "дату рождения."
    )


def enrolled_after_birth(values: Values, _today: datetime.date) -> str | None:
    if values["enrolled_on"] > values["birth_date"]:
        return None
    return (
        f"Дата зачисления {written(values['enrolled_on'])} не позже даты рождения {written(values['birth_date'])}. "
        "Исправьте одну из дат."
    )


def series_fits_type(values: Values, _today: datetime.date) -> str | None:
    refused = _document_refusal(values)
    return str(refused) if refused is not None and refused.field == SERIES else None


def number_fits_type(values: Values, _today: datetime.date) -> str | None:
    """Also asks for the series that the document must have: a series that is not there has no rule of its own."""
    refused = _document_refusal(values)
    if refused is None or (refused.field == SERIES and values.get("doc_series")):
        return None
    return str(refused)


def _document_refusal(values: Values) -> DocumentRefused | None:
    try:
        check_document(values["doc_type"], values.get("doc_series") or "", values.get("doc_number") or "")
    except DocumentRefused as refused:
        return refused
    return None


def passport_not_too_early(values: Values, _today: datetime.date) -> str | None:
    if values["doc_type"] != PASSPORT:
        return None
    if _years(values["birth_date"], values["doc_issued_on"]) >= PASSPORT_FROM_YEARS:
        return None
    return (
        f"Паспорт РФ выдают с {PASSPORT_FROM_YEARS} лет, а дата выдачи {written(values['doc_issued_on'])} раньше. "
        "Исправьте тип документа, дату выдачи или дату рождения."
    )


def passport_is_of_age(values: Values, today: datetime.date) -> str | None:
    if values["doc_type"] != PASSPORT:
        return None
    issued_at = _years(values["birth_date"], values["doc_issued_on"])
    now = _years(values["birth_date"], today - PASSPORT_GRACE)
    for age in PASSPORT_CHANGED_AT:
        if issued_at < age <= now:
            return f"Паспорт просрочен по возрасту: в {age} лет его меняют. Попросите сведения нового паспорта."
    return None


def birth_certificate_is_enough(values: Values, today: datetime.date) -> str | None:
    if values["doc_type"] != BIRTH_CERTIFICATE or values.get("citizenship") not in (None, "", "RUS"):
        return None
    if _years(values["birth_date"], today - PASSPORT_GRACE) < PASSPORT_FROM_YEARS:
        return None
    return (
        f"Указано свидетельство о рождении, а с {PASSPORT_FROM_YEARS} лет нужен паспорт. "
        "Попросите сведения паспорта и впишите их."
    )


def age_fits_grade(values: Values, today: datetime.date) -> str | None:
    return _age_sentence(values, today, values["grade"], "")


def age_fits_preschool(values: Values, today: datetime.date) -> str | None:
    return _age_sentence(values, today, None, values["program_kind"])


def _age_sentence(values: Values, today: datetime.date, grade: int | None, program_kind: str) -> str | None:
    year_begins = datetime.date(academic_year_of(today), SEPTEMBER, 1)
    day = today if program_kind else year_begins  # a nursery takes children all year round
    months = months_between(values["birth_date"], day)
    doubt = age_doubt(
        months, grade=grade, program_kind=program_kind, form_of_study=values.get("form_of_study") or "full_time"
    )
    if months < 0 or not doubt:
        return None
    age = f"{months // 12} л. {months % 12} мес."
    return f"На {written(day)} ученику {age}, {doubt}. Проверьте дату рождения и класс."


def sex_fits_patronymic(values: Values, _today: datetime.date) -> str | None:
    patronymic, sex = values["patronymic"].strip(), values["sex"]
    if sex == "M" and _FEMALE_PATRONYMIC.search(patronymic):
        return f"Отчество «{patronymic}» женское, а пол мужской. Проверьте оба поля."
    if sex == "F" and _MALE_PATRONYMIC.search(patronymic):
        return f"Отчество «{patronymic}» мужское, а пол женский. Проверьте оба поля."
    return None


def no_digits(field: str, what: str) -> Check:
    def check(values: Values, _today: datetime.date) -> str | None:
        if not any(map(str.isdigit, values[field])):
            return None
        return f"В поле «{what}» есть цифра: «{values[field]}». Исправьте её на букву или уберите."

    return check


def one_alphabet(field: str, what: str) -> Check:
    def check(values: Values, _today: datetime.date) -> str | None:
        if not _MIXED_WORD.search(values[field]):
            return None
        return f"В поле «{what}» русские и латинские буквы в одном слове: «{values[field]}». Наберите слово заново."

    return check


def mail_domain_is_known(values: Values, _today: datetime.date) -> str | None:
    domain = values["email"].rpartition("@")[2].strip().lower()
    meant = _MAIL_TYPOS.get(domain) or _popular_neighbor(domain)
    return f"В адресе почты «{domain}» похоже на опечатку: вероятно, {meant}. Проверьте адрес." if meant else None


def _popular_neighbor(domain: str) -> str | None:
    if domain in _REAL_MAIL:
        return None
    return next((known for known in _POPULAR_MAIL if OSA.distance(domain, known, score_cutoff=1) == 1), None)


def site_is_web(values: Values, _today: datetime.date) -> str | None:
    if _WEB.fullmatch(values["website"].strip()):
        return None
    return "Адрес сайта пишут целиком, например https://school37.ru. Допишите https:// и проверьте адрес."


def internet_is_real(values: Values, _today: datetime.date) -> str | None:
    if values["internet_speed_mbps"] <= FASTEST_INTERNET_MBPS:
        return None
    return (
        "Скорость больше 10 000 Мбит/с. Проверьте единицу: нужны мегабиты в секунду, а не килобиты, "
        "и скорость по факту, а не по договору."
    )


def same_region(values: Values, _today: datetime.date) -> str | None:
    if values["oktmo"][:2] == values["okato"][:2]:
        return None
    return "Коды ОКТМО и ОКАТО начинаются с разных цифр, то есть указаны разные регионы. Проверьте оба кода."


def length_fits_form(field: str, what: str, entity: int, entrepreneur: int) -> Check:
    def check(values: Values, _today: datetime.date) -> str | None:
        is_entrepreneur = values["legal_form"] == "ip"
        length = entrepreneur if is_entrepreneur else entity
        if len(values[field]) == length:
            return None
        whose = "У индивидуального предпринимателя" if is_entrepreneur else "У юридического лица"
        return f"{whose} {what} из {length} цифр. Исправьте номер или организационно-правовую форму."

    return check


def entrepreneur_has_no_kpp(values: Values, _today: datetime.date) -> str | None:
    if values["legal_form"] != "ip":
        return None
    return "У индивидуального предпринимателя нет КПП. Очистите поле или исправьте организационно-правовую форму."
