"""Why a file cannot be read at all. Faults of one row are not here: they are reported beside the row."""

from shared.kernel.rules import RuleViolation


class FileUnreadable(RuleViolation):
    """The file as a whole is refused; nothing of it was read."""

    code = "file_unreadable"
    text = "Файл «{filename}» не удалось прочитать. Сохраните его как CSV (UTF-8) или XLSX и загрузите снова."


class FileEmpty(FileUnreadable):
    code = "file_empty"
    text = "Файл «{filename}» пуст. Заполните строку заголовков и хотя бы одну строку данных и загрузите его снова."


class FileWithoutRows(FileUnreadable):
    code = "file_without_rows"
    text = "В файле «{filename}» есть заголовки, но нет строк с данными. Заполните строки и загрузите файл снова."


class HeaderMissing(FileUnreadable):
    code = "header_missing"
    text = (
        "В строке {row} файла «{filename}» ожидались заголовки колонок, а там «{cell}». "
        "Добавьте строку заголовков над данными и загрузите файл снова."
    )


class HeadersRepeated(FileUnreadable):
    code = "headers_repeated"
    text = (
        "В файле «{filename}» повторяются заголовки: {headers}. "
        "Оставьте каждый заголовок один раз и загрузите файл снова."
    )


class NotATable(FileUnreadable):
    code = "not_a_table"
    text = (
        "Файл «{filename}» — не таблица, а {kind}. "
        "Сохраните данные как CSV (UTF-8) или XLSX и загрузите получившийся файл."
    )


class FileEncrypted(FileUnreadable):
    code = "file_encrypted"
    text = "Файл «{filename}» защищён паролем. Снимите пароль, сохраните файл и загрузите его снова."


class FileTooLarge(FileUnreadable):
    code = "file_too_large"
    text = "Файл «{filename}» больше {limit} МБ. Разделите его на несколько файлов и загрузите их по очереди."


class UnpacksTooLarge(FileUnreadable):
    code = "file_unpacks_too_large"
    text = (
        "Файл «{filename}» распаковывается в слишком большой объём. "
        "Сохраните таблицу как CSV (UTF-8) и загрузите снова."
    )


class TooManyRows(FileUnreadable):
    code = "too_many_rows"
    text = (
        "В файле «{filename}» больше {limit} строк. Разделите его на несколько файлов и загрузите их по очереди; "
        "если данных меньше, удалите пустые строки под таблицей."
    )


class TooManyColumns(FileUnreadable):
    code = "too_many_columns"
    text = (
        "В файле «{filename}» больше {limit} колонок. Удалите лишние колонки справа от таблицы и загрузите файл снова."
    )


class QuoteNotClosed(FileUnreadable):
    code = "quote_not_closed"
    text = (
        "В файле «{filename}» около строки {row} кавычка открыта и не закрыта, поэтому строки сливаются. "
        "Исправьте кавычки или сохраните файл как XLSX и загрузите его снова."
    )
