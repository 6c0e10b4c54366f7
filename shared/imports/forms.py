"""The one field every upload of a table has."""

from __future__ import annotations

from django import forms


def table_file_field(*, label: str, help_text: str) -> forms.FileField:
    """A spreadsheet to upload; what is inside is checked by ``read_table``, not by the form."""
    return forms.FileField(
        label=label,
        help_text=help_text,
        max_length=200,
        error_messages={
            "required": "Файл не выбран. Выберите CSV или XLSX.",
            "empty": "Файл пуст. Заполните строки и загрузите его снова.",
            "max_length": "Имя файла длиннее 200 знаков. Сократите его.",
        },
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt,.xlsx,.xls,.ods"}),
    )
