"""What the work with files of cards refuses."""

from __future__ import annotations

from shared.kernel.rules import RuleViolation


class FileElsewhere(RuleViolation):
    code = "card_file_elsewhere"
    text = "Состояние файла «{file}» уже другое: {state}. Обновите страницу, чтобы увидеть его."


class FileHasErrors(RuleViolation):
    code = "card_file_has_errors"
    text = (
        "В файле «{file}» есть строки с ошибками: {count}. Ничего не записано, потому что выбрано «всё или ничего». "
        "Исправьте их и загрузите файл снова."
    )


class CardsMoved(RuleViolation):
    """Somebody has changed the cards since the file was checked."""

    code = "cards_moved"
    text = (
        "Пока файл «{file}» смотрели, карточки изменились: строк {count}. Они отмечены ошибкой «изменена после "
        "проверки», ничего не записано. Запишите остальные или проверьте файл ещё раз."
    )


class FileBringsNothing(RuleViolation):
    code = "card_file_brings_nothing"
    text = "Записывать нечего: в файле «{file}» нет новых карточек и изменений."


class FileClashes(RuleViolation):
    code = "card_file_clashes"
    text = (
        "Файл «{file}» не записан: после него две карточки совпали бы по имени, номеру или датам, а такого быть не "
        "может. Проверьте файл ещё раз: строка, которая мешает, будет отмечена."
    )


class NoColumnsChosen(RuleViolation):
    code = "no_columns_chosen"
    text = "Ни одна колонка не выбрана. Укажите хотя бы ключ или фамилию, имя и дату рождения и то, что меняется."


class ColumnTwice(RuleViolation):
    code = "column_twice"
    text = "Поле «{field}» выбрано для двух колонок. Оставьте его у одной."
