"""Refusals of duty orders."""

from shared.kernel.rules import RuleViolation


class NotADraft(RuleViolation):
    code = "duty_order_not_draft"
    text = "Этот приказ уже не проект: {status}. Обновите страницу, чтобы увидеть его состояние."


class DutyOrderEmpty(RuleViolation):
    code = "duty_order_empty"
    text = "В приказе нет ни одной обязанности. Добавьте строки и передайте его руководителю снова."


class NumberWanted(RuleViolation):
    code = "duty_order_number_wanted"
    text = "У приказа нет номера или даты. Укажите их в проекте, затем вводите приказ в действие."


class OwnDutyDraft(RuleViolation):
    code = "own_duty_draft"
    text = "Этот приказ подготовили вы, поэтому ввести его в действие должен другой человек с правом подписи."


class NotInForce(RuleViolation):
    code = "duty_order_not_in_force"
    text = "Ознакомиться можно с действующим приказом, а этот — {status}. Откройте действующий в списке."
