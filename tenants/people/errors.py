"""Refusals of cards of learners."""

from shared.kernel.rules import RuleViolation


class StudentKnown(RuleViolation):
    code = "student_known"
    text = "Ученик с таким СНИЛС уже есть: {student}. Найдите его поиском и работайте с его карточкой."
    field = "snils"


class SameNameKnown(RuleViolation):
    code = "same_name_known"
    text = (
        "{student}, {birth_date} г. р., уже есть в организации. Выберите его из списка поиска "
        "или отметьте, что это другой ребёнок."
    )
    field = "is_namesake"


class ConsentMissing(RuleViolation):
    code = "consent_missing"
    text = "Без письменного согласия на обработку персональных данных карточку заводить нельзя. Укажите дату согласия."
    field = "consent_on"


class ConsentPeriodBroken(RuleViolation):
    code = "consent_period_broken"
    text = "Согласие не может быть отозвано раньше, чем получено. Проверьте обе даты."
    field = "consent_withdrawn_on"
