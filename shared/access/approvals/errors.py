"""Refusals of the two-person rule."""

from shared.kernel.rules import RuleViolation


class OwnRequest(RuleViolation):
    code = "approval_own_request"
    text = "Запрос № {number} сделали вы сами. Решить его должен другой человек с правом подтверждения."


class AlreadyDecided(RuleViolation):
    code = "approval_decided"
    text = "Запрос № {number} уже решён: {decision}. Новое решение не записано."


class RequestLapsed(RuleViolation):
    code = "approval_lapsed"
    text = "Запрос № {number} не решён за семь дней и больше не действует. Его нужно сделать заново."


class RequestUnknown(RuleViolation):
    code = "approval_unknown"
    is_wrong_usage = True
    text = "Запроса № {number} здесь нет. Проверьте номер."


class AlreadyUsed(RuleViolation):
    code = "approval_used"
    text = "По запросу № {number} файл уже скачан. Для нового файла сделайте новый запрос."


class RequestStale(RuleViolation):
    code = "approval_stale"
    text = "Запрос устарел или относится не к вам. Откройте список ещё раз и повторите."
