"""Shape of the console's input."""

from __future__ import annotations

from django import forms
from django.core.files.uploadedfile import UploadedFile

from shared.imports.forms import table_file_field

MAX_MEGABYTES = 5


class OrganizationsFileForm(forms.Form):
    file = table_file_field(
        label="Файл организаций",
        help_text=f"CSV или XLSX, первая строка — заголовки, до {MAX_MEGABYTES} МБ.",
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MAX_MEGABYTES * 1024 * 1024:
            raise forms.ValidationError(
                f"Файл больше {MAX_MEGABYTES} МБ. Разделите его и загрузите по частям, "
                "либо выполните asuso organizations import на сервере."
            )
        return file
