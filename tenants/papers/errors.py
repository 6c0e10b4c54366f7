"""Refusals of papers."""

from __future__ import annotations

from shared.kernel.rules import RuleViolation


class NotStudying(RuleViolation):
    code = "not_studying"
    text = "{name} сегодня не числится. Выдайте справку о периоде обучения."
    field = "kind"


class NeverStudied(RuleViolation):
    code = "never_studied"
    text = "{name} ещё не зачислен: приказа о зачислении нет, справку выдать не о чем."
    field = "kind"


class AlreadyAnnulled(RuleViolation):
    code = "certificate_annulled"
    text = "Справка {certificate} уже аннулирована. Выдайте новую из карточки обучающегося."


class NobodyChosen(RuleViolation):
    code = "nobody_chosen"
    text = "Никто не выбран. Отметьте класс или учеников."


class NobodyToIssue(RuleViolation):
    code = "nobody_to_issue"
    text = "Ни для кого из выбранных справку выдать нельзя: на сегодня никто не числится. Выберите другой вид справки."


class TooMany(RuleViolation):
    code = "too_many_papers"
    text = "Выбрано {chosen}, за один раз печатается до {limit}. Выберите меньше классов."


class CopyGone(RuleViolation):
    code = "copy_gone"
    text = "Среди отмеченных есть экземпляры, которые здесь уже не хранятся: {copies}. Снимите с них отметку."


class NothingMarked(RuleViolation):
    code = "nothing_marked"
    text = "Не отмечен ни один экземпляр. Отметьте строки журнала и сохраните снова."
