"""Refusals of appointments and of changes of rights."""

from shared.kernel.rules import RuleViolation


class RoleNotGivenHere(RuleViolation):
    code = "role_not_given_here"
    field = "role"
    text = "Роль «{role}» вы здесь назначить не можете: её дают на другом уровне или другим правом. Выберите другую."


class OrderWanted(RuleViolation):
    code = "order_wanted"
    field = "order_number"
    text = "Роль даёт приказ: укажите его номер и дату."


class OwnAdministration(RuleViolation):
    code = "own_administration"
    field = "role"
    text = "Роль «{role}» себе не назначают и с себя не снимают. Это делает другой администратор или руководитель."


class RoleAlreadyHeld(RuleViolation):
    code = "role_already_held"
    field = "role"
    text = (
        "Роль «{role}» у этого человека уже есть: {period}. "
        "Завершите прежнее назначение, измените в нём классы или выберите другие дни."
    )


class PeriodBackward(RuleViolation):
    code = "period_backward"
    field = "last_day"
    text = "Последний день раньше первого. Исправьте одну из дат."


class LastAdministrator(RuleViolation):
    code = "last_administrator"
    text = "Это последний бессрочный «{role}»: без него некому выдавать права. Сначала назначьте другого человека."


class EndsEarlier(RuleViolation):
    code = "ends_earlier"
    field = "last_day"
    text = "Назначение и так действует только по {day} включительно. Укажите более ранний день."


class EndedInThePast(RuleViolation):
    code = "ended_in_the_past"
    field = "last_day"
    text = "Прошедшие дни не меняются: человек уже работал с этой ролью. Укажите вчерашний день или более поздний."


class LoginTaken(RuleViolation):
    code = "login_taken"
    field = "login"
    text = "Логин «{login}» занят. Оставьте поле пустым, и система подберёт свободный, или придумайте другой."


class PersonNotFound(RuleViolation):
    code = "person_not_found"
    text = "Учётной записи с таким логином и фамилией нет. Уточните логин у самого человека."


class LevelNotPossible(RuleViolation):
    code = "level_not_possible"
    text = "«{label}» для роли «{role}»: выше «{most}» дать нельзя. {why}"


class RightNotYours(RuleViolation):
    code = "right_not_yours"
    text = (
        "«{label}»: расширять доступ к особым сведениям и решать о назначениях может только руководитель. "
        "Передайте ему проект изменения."
    )


class HeadOrderWanted(RuleViolation):
    code = "head_order_wanted"
    field = "order_number"
    text = "«{label}»: доступ к особым сведениям расширяют только приказом. Укажите его номер и дату."


class BasisWanted(RuleViolation):
    code = "basis_wanted"
    field = "reason"
    text = "Укажите приказ — номер и дату — или основание, если права меняются без приказа."


class RightsBackdated(RuleViolation):
    code = "rights_backdated"
    field = "valid_from"
    text = "Права меняются с сегодняшнего дня или позже: прошедшие дни не переписываются. Исправьте дату."


class RightsChangedMeanwhile(RuleViolation):
    code = "rights_changed_meanwhile"
    text = "Пока вы готовили изменение, другой администратор изменил те же права. Откройте таблицу заново и проверьте."


class CellUnknown(RuleViolation):
    code = "cell_unknown"
    text = "Такой ячейки в таблице прав нет. Обновите страницу и выберите её снова."


class CeilingKnown(RuleViolation):
    code = "ceiling_known"
    text = "«{label}» для роли «{role}» уже ограничено. Снимите прежнее ограничение и установите новое."
