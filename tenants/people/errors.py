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


class StudentBlocked(RuleViolation):
    code = "student_blocked"
    text = (
        "Сведения этого ребёнка заблокированы: согласие отозвано. Новое согласие записывает ответственный "
        "за персональные данные в разделе «Согласия», после этого карточка откроется."
    )


class DeviantPeriodBroken(RuleViolation):
    code = "deviant_period_broken"
    text = "Снятие с учёта раньше постановки. Проверьте обе даты."


class RestrictionUndocumented(RuleViolation):
    code = "restriction_undocumented"
    text = "Ограничение прав записывают по документу. Впишите решение суда: номер, дату, кем вынесено."
