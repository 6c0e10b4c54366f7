"""Refusals of the organization card."""

from shared.kernel.rules import RuleViolation


class NumbersTaken(RuleViolation):
    code = "organization_numbers_taken"
    field = "ogrn"
    text = "Организация с такими ОГРН и КПП уже подключена. Сверьте номера с выпиской ЕГРЮЛ."


class KppWanted(RuleViolation):
    code = "kpp_wanted"
    field = "kpp"
    text = "КПП пуст. Он обязателен для всех, кроме индивидуального предпринимателя: впишите его из выписки ЕГРЮЛ."


class ShiftsWrong(RuleViolation):
    code = "shifts_wrong"
    field = "shifts"
    text = "Смен бывает от одной до трёх. Исправьте число."


class CardIncomplete(RuleViolation):
    code = "card_incomplete"
    text = "Подтвердить карточку нельзя: не заполнено — {fields}. Заполните и подтвердите снова."


class DirectorThen(RuleViolation):
    code = "director_then"
    field = "held_from"
    text = "На эти дни руководитель уже записан: {name}, с {since}. Исправьте дату начала."


class PeriodWrong(RuleViolation):
    code = "responsible_period"
    field = "held_to"
    text = "Последний день раньше первого. Исправьте дату."


class LeavesThen(RuleViolation):
    code = "responsible_leaves"
    field = "staff"
    text = "{name}: увольнение {day} уже записано. Выберите другого работника."


class AlreadyEnded(RuleViolation):
    code = "responsible_ended"
    text = "Это назначение уже завершено {day}. Обновите страницу."


class NameTaken(RuleViolation):
    code = "building_name_taken"
    field = "name"
    text = "Здание «{name}» уже есть. Назовите это иначе или откройте то."


class NumberTaken(RuleViolation):
    code = "room_number_taken"
    field = "number"
    text = "Помещение № {number} в этом здании уже есть. Исправьте номер или откройте то помещение."


class PlaceClosed(RuleViolation):
    code = "place_closed"
    text = "Запись закрыта {day} и больше не меняется. Обновите страницу."


class DocumentJustReplaced(RuleViolation):
    code = "document_just_replaced"
    text = "«{name}» в эту минуту внёс другой человек. Обновите страницу и сверьте реквизиты."
