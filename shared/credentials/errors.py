"""Refusals of issuing passwords."""

from shared.kernel.rules import RuleViolation


class HeldElsewhere(RuleViolation):
    code = "held_elsewhere"
    text = (
        "{names}: есть роли и в других местах, поэтому одно место не может сменить им вход. "
        "Новый пароль выдаёт оператор системы."
    )


class NotFamily(RuleViolation):
    code = "not_family"
    text = "{names}: это работники организации. Классный руководитель выдаёт пароли только родителям своего класса."


class OwnPassword(RuleViolation):
    code = "own_password"
    text = "Себе пароль не выдают. Смените его в разделе «Моя учётная запись»."


class NobodyChosen(RuleViolation):
    code = "nobody_chosen"
    text = "Никто не выбран. Отметьте людей, которым нужен пароль, и повторите."


class TooManyChosen(RuleViolation):
    code = "too_many_chosen"
    text = "Выбрано {count} человек, за один раз выдаётся не больше {limit}. Выдайте остальным следующим листом."


class AlreadyHanded(RuleViolation):
    code = "already_handed"
    text = "Этот пароль уже отмечен как вручённый. Обновите страницу."


class AccessClosed(RuleViolation):
    code = "access_closed"
    text = "{names}: вход закрыт. Сначала откройте его назначением, затем выдайте пароль."
