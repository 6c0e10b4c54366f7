"""Refusals about remarks."""

from shared.kernel.rules import RuleViolation


class RemarkNotAwaited(RuleViolation):
    code = "remark_not_awaited"
    text = "На это замечание уже ответили. Обновите страницу: там виден ответ и решение."


class RemarkNotAnswered(RuleViolation):
    code = "remark_not_answered"
    text = "По этому замечанию ответа сейчас нет. Обновите страницу: его могли уже рассмотреть."


class NobodyToRemark(RuleViolation):
    code = "nobody_to_remark"
    text = "Организации не выбраны. Отметьте хотя бы одну в таблице и повторите."
    field = "organizations"
