"""What the taking back of records refuses."""

from __future__ import annotations

from shared.kernel.rules import RuleViolation


class NothingChosen(RuleViolation):
    code = "nothing_chosen"
    text = "Ничего не выбрано. Отметьте записи, которые нужно вернуть, и нажмите «Вернуть выбранные»."


class TooManyChosen(RuleViolation):
    code = "too_many_chosen"
    text = "Выбрано записей: {count}. За один запрос возвращают не больше {most}. Снимите часть отметок."


class NothingToTake(RuleViolation):
    code = "nothing_to_take"
    text = "Этих записей в сравнении больше нет: его повторили или копию убрали. Откройте сравнение и выберите снова."


class RequestWaits(RuleViolation):
    code = "recovery_request_waits"
    text = "Запрос № {number} ждёт решения. Пока он не решён, сравнение не повторяют: его записи стали бы другими."


class NothingToUndo(RuleViolation):
    code = "nothing_to_undo"
    text = "Отменять нечего: по этому запросу ничего не возвращено или возврат уже отменён."
