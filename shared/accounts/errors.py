"""Refusals of the second factor."""

from shared.kernel.rules import RuleViolation


class CodeRefused(RuleViolation):
    code = "code_refused"
    field = "code"
    text = "Код не подходит. Введите тот, что приложение показывает сейчас, или резервный код, которым вы не входили."


class CodeAlreadyUsed(RuleViolation):
    code = "code_already_used"
    field = "code"
    text = "Этот код уже использован. Дождитесь следующего: он появится в приложении в течение 30 секунд."


class KeyRefused(RuleViolation):
    code = "key_refused"
    text = "Ключ не подтвердил вход. Попробуйте ещё раз или введите код из приложения."


class KeyAlreadyKnown(RuleViolation):
    code = "key_already_known"
    text = "Этот ключ уже подключён. Подключите другой или войдите этим."


class FactorObligatory(RuleViolation):
    code = "factor_obligatory"
    text = "Ваша роль требует второго фактора, а этот — последний. Сначала подключите другой."
