"""Refusals of orders and places."""

from shared.kernel.rules import RuleViolation


class AlreadyEnrolled(RuleViolation):
    code = "already_enrolled"
    text = (
        "{student} уже числится в этой организации на том же уровне ({place}). "
        "Сначала оформите выбытие или уберите ученика из приказа."
    )


class GroupFull(RuleViolation):
    code = "group_full"
    text = "В классе (группе) {group} нет свободных мест ({places}). Выберите другой."


class OrderNumberTaken(RuleViolation):
    code = "order_number_taken"
    text = "Приказ № {number} от {issued_on} уже есть. Укажите другой номер или откройте существующий приказ."
    field = "number"


class OrderNotDraft(RuleViolation):
    code = "order_not_draft"
    text = "Приказ № {number} уже не черновик: {status}. Обновите страницу, чтобы увидеть его состояние."


class OrderEmpty(RuleViolation):
    code = "order_empty"
    text = "В приказе № {number} нет ни одного ученика. Добавьте учеников и подпишите снова."


class NotEnrolled(RuleViolation):
    code = "not_enrolled"
    text = "{student} не числится в организации на {day}. Уберите ученика из приказа о выбытии или измените дату."


class StudentInOrder(RuleViolation):
    code = "student_in_order"
    text = "{student} уже есть в этом приказе. Одна строка приказа — один ученик и одно место."


class DayBeforeEnrollment(RuleViolation):
    code = "day_before_enrollment"
    text = "{student} зачислен с {enrolled_on}: выбыть раньше следующего дня нельзя. Измените дату выбытия."
    field = "effective_on"


class LaterFacts(RuleViolation):
    code = "later_facts"
    text = "Приказ № {number} нельзя отменить: {facts}. Сначала отмените более поздний приказ."


class OwnDraft(RuleViolation):
    code = "own_draft"
    text = "Приказ № {number} подготовили вы, поэтому подписать его должен другой сотрудник с правом подписи."


class CopyTakesNoOrders(RuleViolation):
    code = "copy_takes_no_orders"
    text = "Это копия организации: приказы и списки здесь не оформляются. Оформите их в самой организации."


class RowsRefused(RuleViolation):
    code = "rows_refused"
    text = "Приказ № {number} на подпись не передан: {count}. Уберите этих учеников из приказа или измените дату."
