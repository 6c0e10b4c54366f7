"""Cross-field checks of cards: what the fields of one card may contradict in each other.

A rule is one row: on which cards it stands, which fields it asks, whether it blocks or only counts, its clause, and a
small function that answers with a sentence for the person or with nothing. How one field is written (digits, control
sums, forms of documents) is the business of ``shared.cards.values`` and of the kernel.
"""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from shared.cards import contradictions as said
from shared.cards.contradictions import Check, Values
from shared.kernel.identity_documents import NUMBER, SERIES, DocumentRefused, check_document

Level = Literal["hard", "soft"]

ORGANIZATION: Final = frozenset({"organization"})
STAFF: Final = frozenset({"staff"})
STUDENT: Final = frozenset({"student"})
GUARDIAN: Final = frozenset({"guardian"})
DIPLOMA: Final = frozenset({"staff.diplomas"})  # a row of a card is a card of its own, with the values of its owner
PEOPLE: Final = STAFF | STUDENT | GUARDIAN
EVERY: Final = ORGANIZATION | PEOPLE
GENERAL: Final = "(general knowledge)"


@dataclass(frozen=True, slots=True)
class Rule:
    """One check. It is asked only where all its ``fields`` are filled; the first of them is to blame."""

    code: str
    cards: frozenset[str]
    level: Level
    clause: str
    fields: tuple[str, ...]
    check: Check


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found on a card: ``hard`` blocks saving, ``soft`` counts and is shown.

    ``field`` is the one to blame; ``fields`` are all that contradict, for a form that shows only another of them.
    """

    code: str
    level: Level
    field: str
    sentence: str
    clause: str
    fields: tuple[str, ...]


def findings(card: str, values: Values, today: datetime.date) -> list[Finding]:
    """Everything the values of a card contradict, blocking first. A key that is absent or empty is not asked.

    ``card`` is the code of its layout, for a row also of its section («staff.diplomas»), with the owner's values.
    """
    said_fields = {field for field, value in values.items() if _is_said(value)}
    found = [
        Finding(rule.code, rule.level, rule.fields[0], sentence, rule.clause, rule.fields)
        for rule in rules_of(card)
        if said_fields.issuperset(rule.fields)
        if (sentence := rule.check(values, today))
    ]
    return sorted(found, key=lambda one: one.level)  # "hard" before "soft", else in the order of the rules


def stored_document(values: Values) -> dict[str, str]:
    """Series and number of the identity document as they are stored; empty when there are none or they are refused."""
    series, number = values.get("doc_series") or "", values.get("doc_number") or ""
    try:
        stored = check_document(values.get("doc_type") or "", series, number)
    except DocumentRefused:
        return {}
    return {SERIES: stored.series, NUMBER: stored.number} if stored.number else {}


@cache
def rules_of(card: str) -> tuple[Rule, ...]:
    """The rules that stand on a card («staff», «student», «guardian», «organization»)."""
    return tuple(rule for rule in RULES if card in rule.cards)


def _is_said(value: object) -> bool:
    return value is not None and value not in ("", (), [])


def _names() -> Iterator[Rule]:
    for field, what in (("last_name", "Фамилия"), ("first_name", "Имя"), ("patronymic", "Отчество")):
        yield Rule(f"{field}_digits", PEOPLE, "hard", GENERAL, (field,), said.no_digits(field, what))
        yield Rule(
            f"{field}_alphabets", PEOPLE, "soft", "CONTINGENT 3 step 0", (field,), said.one_alphabet(field, what)
        )


def _medical() -> Iterator[Rule]:
    papers = {"pmpk_on": "Дата заключения ПМПК", "disability_on": "Дата справки об инвалидности"}
    for field, what in papers.items():
        check = said.not_before(field, what, "birth_date", "дата рождения")
        yield Rule(f"{field}_before_birth", STUDENT, "hard", GENERAL, (field, "birth_date"), check)


def _counts() -> Iterator[Rule]:
    counted = {
        "internet_computers": "Количество компьютеров",
        "internet_speed_mbps": "Скорость подключения",
        "capacity": "Проектная мощность",
        "shifts": "Число смен",
    }
    for field, what in counted.items():
        clause = "ORGANIZATION 2.1 (KK Прил.1 1.1)" if field.startswith("internet") else GENERAL
        yield Rule(f"{field}_negative", ORGANIZATION, "hard", clause, (field,), said.not_negative(field, what))


_STAFF_CLAUSE: Final = "ORGANIZATION 2.2 (KK Прил.1 1.1)"
_STUDENT_CLAUSE: Final = "ORGANIZATION 2.3 (KK Прил.1 1.1)"
_ORGANIZATION_CLAUSE: Final = "ORGANIZATION 2.1 (KK Прил.1 1.1)"
_DOCUMENT_CLAUSE: Final = "ORGANIZATION 2.3 (KK Прил.1 1.1), classifier document_type"
_DOCUMENT: Final = ("doc_issued_on", "birth_date")
_PASSPORT_FIELDS: Final = ("doc_issued_on", "doc_type", "birth_date")

RULES: Final[tuple[Rule, ...]] = (
    *_names(),
    Rule(
        "birth_in_future", PEOPLE, "hard", GENERAL, ("birth_date",), said.not_in_future("birth_date", "Дата рождения")
    ),
    Rule("birth_too_early", PEOPLE, "hard", GENERAL, ("birth_date",), said.not_too_old),
    Rule("staff_too_young", STAFF, "hard", _STAFF_CLAUSE, ("birth_date",), said.may_work),
    Rule("staff_unusual_age", STAFF, "soft", GENERAL, ("birth_date",), said.usual_staff_age),
    Rule("guardian_too_young", GUARDIAN, "soft", GENERAL, ("birth_date",), said.usual_guardian_age),
    Rule("sex_patronymic", PEOPLE, "soft", GENERAL, ("patronymic", "sex"), said.sex_fits_patronymic),
    Rule(
        "document_in_future",
        PEOPLE,
        "hard",
        GENERAL,
        ("doc_issued_on",),
        said.not_in_future("doc_issued_on", "Дата выдачи документа"),
    ),
    Rule(
        "document_before_birth",
        PEOPLE,
        "hard",
        GENERAL,
        _DOCUMENT,
        said.not_before("doc_issued_on", "Дата выдачи документа", "birth_date", "дата рождения"),
    ),
    Rule("document_series", PEOPLE, "hard", _DOCUMENT_CLAUSE, ("doc_series", "doc_type"), said.series_fits_type),
    Rule("document_number", PEOPLE, "hard", _DOCUMENT_CLAUSE, ("doc_number", "doc_type"), said.number_fits_type),
    Rule("passport_too_early", PEOPLE, "hard", GENERAL, _PASSPORT_FIELDS, said.passport_not_too_early),
    Rule("passport_overdue", PEOPLE, "soft", GENERAL, _PASSPORT_FIELDS, said.passport_is_of_age),
    Rule(
        "birth_certificate_outgrown",
        PEOPLE,
        "soft",
        GENERAL,
        ("doc_type", "birth_date"),
        said.birth_certificate_is_enough,
    ),
    Rule(
        "enrolled_before_birth",
        STUDENT,
        "hard",
        _STUDENT_CLAUSE,
        ("enrolled_on", "birth_date"),
        said.enrolled_after_birth,
    ),
    Rule("age_for_grade", STUDENT, "soft", "CONTINGENT 4, C6", ("birth_date", "grade"), said.age_fits_grade),
    Rule(
        "age_for_preschool",
        STUDENT,
        "soft",
        "CONTINGENT 4, C6",
        ("birth_date", "program_kind"),
        said.age_fits_preschool,
    ),
    Rule("hired_too_young", STAFF, "hard", _STAFF_CLAUSE, ("hire_date", "birth_date"), said.hired_old_enough),
    Rule(
        "dismissed_before_hired",
        STAFF,
        "hard",
        GENERAL,
        ("dismissed_on", "hire_date"),
        said.not_before("dismissed_on", "Дата увольнения", "hire_date", "дата приёма"),
    ),
    Rule(
        "teaching_before_work",
        STAFF,
        "soft",
        GENERAL,
        ("experience_teaching_from", "experience_total_from"),
        said.not_before(
            "experience_teaching_from", "Начало педагогического стажа", "experience_total_from", "начало общего стажа"
        ),
    ),
    Rule(
        "experience_before_birth",
        STAFF,
        "hard",
        GENERAL,
        ("experience_total_from", "birth_date"),
        said.not_before("experience_total_from", "Начало общего стажа", "birth_date", "дата рождения"),
    ),
    Rule(
        "diploma_in_future",
        DIPLOMA,
        "hard",
        GENERAL,
        ("issued_on",),
        said.not_in_future("issued_on", "Дата выдачи диплома"),
    ),
    Rule(
        "diploma_before_birth",
        DIPLOMA,
        "hard",
        GENERAL,
        ("issued_on", "birth_date"),
        said.not_before("issued_on", "Дата выдачи диплома", "birth_date", "дата рождения"),
    ),
    Rule(
        "certification_ended",
        STAFF,
        "soft",
        "ORGANIZATION 2.2 (KK Прил.1 2.3)",
        ("certification_valid_to",),
        said.not_ended("certification_valid_to", "Аттестация закончилась", "Впишите новую аттестацию."),
    ),
    *_medical(),
    Rule(
        "pmpk_ended",
        STUDENT,
        "soft",
        GENERAL,
        ("health_limits_valid_to",),
        said.not_ended("health_limits_valid_to", "Заключение ПМПК действовало до", "Попросите новое заключение."),
    ),
    Rule(
        "disability_ended",
        STUDENT,
        "soft",
        GENERAL,
        ("disability_valid_to",),
        said.not_ended("disability_valid_to", "Справка об инвалидности действовала до", "Попросите новую справку."),
    ),
    Rule("email_typo", EVERY, "soft", GENERAL, ("email",), said.mail_domain_is_known),
    Rule("website_not_web", ORGANIZATION, "hard", _ORGANIZATION_CLAUSE, ("website",), said.site_is_web),
    *_counts(),
    Rule(
        "internet_too_fast", ORGANIZATION, "soft", "ORGANIZATION 2.1", ("internet_speed_mbps",), said.internet_is_real
    ),
    Rule("regions_differ", ORGANIZATION, "soft", GENERAL, ("oktmo", "okato"), said.same_region),
    Rule(
        "inn_other_form",
        ORGANIZATION,
        "hard",
        _ORGANIZATION_CLAUSE,
        ("inn", "legal_form"),
        said.length_fits_form("inn", "ИНН", 10, 12),
    ),
    Rule(
        "ogrn_other_form",
        ORGANIZATION,
        "hard",
        _ORGANIZATION_CLAUSE,
        ("ogrn", "legal_form"),
        said.length_fits_form("ogrn", "ОГРН", 13, 15),
    ),
    Rule(
        "kpp_of_entrepreneur",
        ORGANIZATION,
        "hard",
        _ORGANIZATION_CLAUSE,
        ("kpp", "legal_form"),
        said.entrepreneur_has_no_kpp,
    ),
    Rule(
        "license_ended",
        ORGANIZATION,
        "soft",
        GENERAL,
        ("license_valid_to",),
        said.not_ended("license_valid_to", "Лицензия действовала до", "Впишите действующую лицензию."),
    ),
    Rule(
        "accreditation_ended",
        ORGANIZATION,
        "soft",
        GENERAL,
        ("accreditation_valid_to",),
        said.not_ended("accreditation_valid_to", "Аккредитация действовала до", "Впишите действующую аккредитацию."),
    ),
)
