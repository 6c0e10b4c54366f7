"""Refusals of support cases."""

from shared.kernel.rules import RuleViolation


class CaseAlreadyOpen(RuleViolation):
    code = "support_case_open"
    text = "Одно обращение уже открыто. Закройте его, чтобы открыть новое."


class QuestionNamesPeople(RuleViolation):
    code = "support_question_numbers"
    field = "question"
    text = (
        "В вопросе стоит длинный номер, похожий на телефон, СНИЛС или документ. Уберите его: инженер найдёт запись "
        "сам, а текст вопроса виден оператору до входа в организацию."
    )


class CaseGone(RuleViolation):
    code = "support_case_gone"
    text = "Обращение № {number} больше не действует: {reason}. Попросите организацию открыть новое."


class CaseTaken(RuleViolation):
    code = "support_case_taken"
    text = "Обращение № {number} уже взял другой инженер. Выберите другое."


class CaseNotYours(RuleViolation):
    code = "support_case_not_yours"
    text = "Обращение № {number} взято не вами. Войти по нему может только тот, кто его взял."


class FactorNeeded(RuleViolation):
    code = "support_factor_needed"
    text = "Работа по обращениям требует второго фактора. Войдите на узел оператора с ним и повторите."


class OrganizationClosed(RuleViolation):
    code = "support_organization_closed"
    text = "Организация «{name}» не работает ({status}), войти в неё нельзя. Обращение останется в списке."


class RowsSpent(RuleViolation):
    code = "support_rows_spent"
    text = (
        "На странице строк с людьми: {asked}, а по обращению № {number} осталось {left}. "
        "Уточните поиск или откройте одну карточку."
    )


class NotInCase(RuleViolation):
    code = "support_not_in_case"
    text = (
        "По обращению № {number} открыты только страницы организации для просмотра. "
        "Своей учётной записью управляют на узле оператора."
    )


class NoFilesInCase(RuleViolation):
    code = "support_no_files"
    text = "По обращению № {number} файлы не выгружаются и программные запросы не выполняются, только просмотр страниц."
