"""Why a step of a maintenance break is refused."""

from shared.kernel.rules import RuleViolation


class BreakUnknown(RuleViolation):
    code = "break_unknown"
    is_wrong_usage = True
    text = "Перерыва № {number} нет. Обновите страницу или посмотрите список перерывов."


class StartPassed(RuleViolation):
    code = "break_start_passed"
    field = "planned_start"
    text = "Это начало уже прошло. Укажите время впереди или начните перерыв немедленно."


class EndBeforeStart(RuleViolation):
    code = "break_end_before_start"
    field = "planned_end"
    text = "Окончание должно быть позже начала и позже настоящего времени. Укажите другое время."


class AlreadyPlanned(RuleViolation):
    code = "break_already_planned"
    text = "На это время перерыв уже объявлен. Измените время или отмените тот перерыв."


class AlreadyRunning(RuleViolation):
    code = "break_already_running"
    text = "Технологический перерыв уже идёт. Второй одновременно с ним не начинают."


class AlreadyStarted(RuleViolation):
    code = "break_already_started"
    text = "Перерыв № {number} уже начат: {by}, {at}. Обновите страницу."


class NotStarted(RuleViolation):
    code = "break_not_started"
    text = "Перерыв № {number} ещё не начат. Начните его или отмените."


class AlreadyOver(RuleViolation):
    code = "break_already_over"
    text = "Перерыв № {number} уже закончен: {by}, {at}. Обновите страницу."


class EndTooSoon(RuleViolation):
    code = "break_end_too_soon"
    field = "ends_at"
    text = "Окончание объявляют не позднее чем за 15 минут до него. Самое раннее сейчас — {earliest}."


class EndNotAnnounced(RuleViolation):
    code = "break_end_not_announced"
    text = "Окончание перерыва № {number} не объявлено. Объявите его не позднее чем за 15 минут."


class EndNotReached(RuleViolation):
    code = "break_end_not_reached"
    text = "Окончание перерыва № {number} объявлено на {ends}. Завершите его в это время или позже."
