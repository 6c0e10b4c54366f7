"""The one field every upload of a table has."""

from __future__ import annotations

from shared.documents.uploads import SPREADSHEET, Purpose, UploadField


def table_file_field(*, label: str, help_text: str, purpose: Purpose = SPREADSHEET) -> UploadField:
    """A spreadsheet to upload: the door of uploads looks at it, ``read_table`` reads what is inside."""
    return UploadField(
        purpose,
        label=label,
        help_text=help_text,
        error_messages={
            "required": "Файл не выбран. Выберите CSV или XLSX.",
            "empty": "Файл пуст. Заполните строки и загрузите его снова.",
        },
    )
