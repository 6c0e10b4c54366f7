"""Shape of the console's input."""

from __future__ import annotations

from django import forms

from shared.documents.uploads import MEGABYTE, SPREADSHEET
from shared.imports.forms import table_file_field

MAX_MEGABYTES = 5


class OrganizationsFileForm(forms.Form):
    file = table_file_field(
        label="Файл организаций",
        help_text=f"CSV или XLSX, первая строка — заголовки, до {MAX_MEGABYTES} МБ.",
        purpose=SPREADSHEET.up_to(
            MAX_MEGABYTES * MEGABYTE,
            "Разделите его и загрузите по частям, либо выполните asuso organizations import на сервере.",
        ),
    )
