"""Refusals about consents."""

from shared.kernel.rules import RuleViolation


class ConsentPeriodBroken(RuleViolation):
    code = "consent_period_broken"
    text = "Согласие не может быть отозвано раньше, чем получено. Проверьте обе даты."
    field = "withdrawn_on"


class ConsentTermBroken(RuleViolation):
    code = "consent_term_broken"
    text = "Срок согласия заканчивается раньше, чем оно дано. Проверьте обе даты."
    field = "valid_until"


class ConsentAlreadyWithdrawn(RuleViolation):
    code = "consent_already_withdrawn"
    text = "{consent} уже отозвано {day}. Чтобы снять блокировку, запишите новое согласие."


class ConsentReplaced(RuleViolation):
    code = "consent_replaced"
    text = "{consent} заменено новым согласием того же вида. Отзыв записывается в действующем."


class ConsentBeforeWithdrawal(RuleViolation):
    code = "consent_before_withdrawal"
    text = "Прежнее согласие отозвано {day}. Новое должно быть дано не раньше этого дня."
    field = "signed_on"


class SignerHasNoRight(RuleViolation):
    code = "signer_has_no_right"
    text = "{signer} не вправе подписать согласие за ребёнка. Выберите законного представителя."
    field = "signer"


class NothingToDecide(RuleViolation):
    code = "nothing_to_decide"
    text = "Решение уже принято или согласие снова действует. Обновите страницу."


class RequestAnswered(RuleViolation):
    code = "request_answered"
    text = "На это обращение уже ответили {day}. Обновите список."


class RequestKnown(RuleViolation):
    code = "request_known"
    text = "Такая просьба уже ждёт ответа до {day}. Организация ответит в срок."
