"""Refusals of imports: why a file is refused as a whole, why an import cannot be applied or undone."""

from shared.imports.errors import FileUnreadable
from shared.kernel.rules import RuleViolation


class ColumnsMissing(FileUnreadable):
    code = "columns_missing"
    text = (
        "В файле «{filename}» нет обязательных колонок: {headers}. "
        "Добавьте их в строку заголовков, заполните и загрузите файл снова."
    )


class ImportNotStaged(RuleViolation):
    code = "import_not_staged"
    text = "Состояние файла «{file}» уже другое: {state}. Обновите страницу, чтобы увидеть его состояние."


class ImportDisturbed(RuleViolation):
    code = "import_disturbed"
    text = (
        "Во время загрузки файла «{file}» данные организации несколько раз изменились, ничего не записано. "
        "Загрузите файл ещё раз."
    )


class ImportNotApplied(RuleViolation):
    code = "import_not_applied"
    text = "Загрузку «{file}» нельзя отменить, её состояние: {state}. Отменить можно только ту, что в силе."


class LaterFactsForbid(RuleViolation):
    code = "later_facts"
    text = "Загрузку «{file}» нельзя отменить: {facts}. Сначала отмените эти более поздние действия."


class ConsentDayImpossible(RuleViolation):
    code = "consent_day_impossible"
    text = "Дата согласия {day} невозможна: {why}. Укажите дату из письменного согласия."
    field = "consent_on"


class DraftAlreadyOpened(RuleViolation):
    code = "draft_already_opened"
    text = "Согласие по черновику «{name}» уже записано. Обновите страницу."


class DraftCannotTakeEffect(RuleViolation):
    code = "draft_cannot_take_effect"
    text = "Черновик «{name}» не может вступить в силу. {reason}"
