"""Refusals of sign-in and rights."""

from shared.kernel.rules import RuleViolation


class SignInRefused(RuleViolation):
    code = "sign_in_refused"
    text = "Логин или пароль не подходят. Проверьте раскладку и Caps Lock или обратитесь к администратору организации."


class TooManyAttempts(RuleViolation):
    code = "too_many_attempts"
    text = "Слишком много попыток входа. Подождите 15 минут и попробуйте снова."


class PasswordRefused(RuleViolation):
    code = "password_refused"
    text = "{reason} Придумайте другой пароль не короче 12 знаков."


class HandoffRefused(RuleViolation):
    code = "handoff_refused"
    text = "Переход не удался: код действует 30 секунд и только один раз. Выберите место работы ещё раз или войдите."
