"""Why a contingent file is refused as a whole."""

from shared.imports.errors import FileUnreadable


class ColumnsMissing(FileUnreadable):
    code = "columns_missing"
    text = (
        "В файле «{filename}» нет обязательных колонок: {headers}. "
        "Добавьте их в строку заголовков, заполните и загрузите файл снова."
    )
