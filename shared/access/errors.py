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


class WrongPassword(RuleViolation):
    code = "wrong_password"
    field = "password"
    text = "Пароль не подходит. Введите тот, с которым входите."


class ChangePasswordFirst(RuleViolation):
    code = "change_password_first"
    text = "Вам выдан одноразовый пароль. Войдите с ним и смените его, затем входите через {provider}."


class SubjectLinked(RuleViolation):
    code = "subject_linked"
    text = "У этого логина уже есть связь с {provider}. Сначала удалите её в разделе «Моя учётная запись»."


class HandoffRefused(RuleViolation):
    code = "handoff_refused"
    text = "Переход не удался: код действует 30 секунд и только один раз. Выберите место работы ещё раз или войдите."
