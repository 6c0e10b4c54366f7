"""What the work with cards refuses."""

from __future__ import annotations

from shared.kernel.rules import RuleViolation


class BatchAlreadyUndone(RuleViolation):
    code = "batch_already_undone"
    text = "«{title}» уже отменено: {undone_by}. Обновите страницу."


class NothingToChange(RuleViolation):
    code = "nothing_to_change"
    text = "Менять нечего: у выбранных карточек уже такое значение."


class CardRefused(RuleViolation):
    """One card of many that its room does not let be changed so."""

    code = "card_refused"
    text = "{card}: {why}"


class ClosedToHand(RuleViolation):
    """A change of many that would write what this person may neither see nor write."""

    code = "closed_to_hand"
    text = "Здесь есть сведения, которые вам не открыты: {fields}. Это действие выполнит тот, кому они открыты."


class CardsGone(RuleViolation):
    code = "cards_gone"
    text = "Часть карточек больше недоступна: {count}. Обновите список и выберите заново."


class ValueTaken(RuleViolation):
    code = "value_taken"
    text = "Не записано: {what} уже стоит в другой карточке. Найдите её в списке и проверьте, не тот же ли это человек."


class SectionConflict(RuleViolation):
    """Two people have changed the same fields; ``facts["conflicts"]`` are the pairs of values."""

    code = "section_conflict"
    text = "Пока вы заполняли раздел, его изменил кто-то ещё. Сравните значения, выберите нужные и сохраните снова."


class Contradiction(RuleViolation):
    """A hard rule of the card refuses; ``facts["blamed"]`` is the field to show it at."""

    code = "contradiction"
    text = "{sentence}"


class FormStale(RuleViolation):
    code = "form_stale"
    text = "Форма устарела. Откройте раздел ещё раз: набранное сохранено в черновике."


class RowChanged(RuleViolation):
    code = "row_changed"
    text = (
        "Эту запись только что изменил другой человек. Закройте форму: набранное останется в черновике. "
        "Сверьте сведения и внесите свои снова."
    )


class RowRefused(RuleViolation):
    code = "row_refused"
    text = "{sentence}"


class PlanMissing(RuleViolation):
    code = "plan_missing"
    text = "Выбор карточек не найден. Вернитесь в список и отметьте их заново."


class NobodyChosen(RuleViolation):
    code = "nobody_chosen"
    text = "Никто не выбран. Отметьте карточки в списке и нажмите «Изменить у выбранных»."


class MergeRefused(RuleViolation):
    """Something forbids the merge; the sentence says what and what to do."""

    code = "merge_refused"
    text = "{sentence}"


class NotAlike(RuleViolation):
    code = "not_alike"
    text = "Эти карточки и так не предлагаются как похожие: запоминать нечего."


class MergeNotUndone(RuleViolation):
    code = "merge_not_undone"
    text = "Объединение не отменить: {why}. Исправьте карточку вручную."
