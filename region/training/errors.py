"""Refusals of registration, requests and their decisions."""

from shared.kernel.rules import RuleViolation


class AlreadyRegistered(RuleViolation):
    code = "already_registered"
    text = (
        "Человек с такими данными или адресом почты уже зарегистрирован. Регистрируются один раз: войдите со своим "
        "логином, а если он или пароль забыты, обратитесь к оператору системы «Кадры». "
        "Место работы меняют в разделе «Мои данные»."
    )


class LoginTaken(RuleViolation):
    code = "login_taken"
    text = "Этот логин занят. Выберите другой."
    field = "login"


class NotRegistered(RuleViolation):
    code = "not_registered"
    text = "Сначала заполните анкету регистрации."


class AlreadyAsked(RuleViolation):
    code = "already_asked"
    text = "Такой запрос уже на проверке. Дождитесь решения оператора."
    field = "subject"


class AlreadyInGroup(RuleViolation):
    code = "already_in_group"
    text = "Человек уже в этой группе. Новый запрос не нужен."
    field = "subject"


class OwnOrganizationWanted(RuleViolation):
    code = "own_organization_wanted"
    text = (
        "Эта группа — для работников подключённой организации, а место работы выбрано не из списка. "
        "Сначала измените его в разделе «Мои данные»."
    )
    field = "subject"


class SamePlace(RuleViolation):
    code = "same_place"
    text = "Это место работы и должность уже указаны. Измените то, что стало другим."


class AlreadyDecided(RuleViolation):
    code = "already_decided"
    text = "Этот запрос уже рассмотрен: {state}, решил {by}. Ваше решение не записано."


class OwnClaim(RuleViolation):
    code = "own_claim"
    text = "Свой запрос не рассматривают. Его решит другой оператор."


class PlaceFirst(RuleViolation):
    code = "place_first"
    text = "Место работы этого человека ещё не подтверждено. Сначала рассмотрите его, потом группу."


class OtherOrganization(RuleViolation):
    code = "other_organization"
    text = "Приказ выдан в организации «{place}», а подтверждено другое место работы. Откажите с этой причиной."


class HeldElsewhere(RuleViolation):
    code = "held_elsewhere"
    text = "У этого человека есть роли вне системы «Кадры». Новый пароль выдаёт администратор его организации."


class NotYourOrganization(RuleViolation):
    code = "not_your_organization"
    text = "Регистрировать можно только работников своей организации."
    field = "organization"
