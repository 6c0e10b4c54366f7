"""Shape of the console's input."""

from __future__ import annotations

from django import forms
from django.core.files.uploadedfile import UploadedFile

MAX_MEGABYTES = 5


class OrganizationsFileForm(forms.Form):
    file = forms.FileField(
        label="Файл организаций",
        help_text=f"CSV или XLSX, первая строка — заголовки, до {MAX_MEGABYTES} МБ.",
        max_length=200,
        error_messages={
            "required": "Файл не выбран. Выберите CSV или XLSX.",
            "empty": "Файл пуст. Заполните строки и загрузите его снова.",
            "max_length": "Имя файла длиннее 200 знаков. Сократите его.",
        },
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt,.xlsx,.xls,.ods"}),
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MAX_MEGABYTES * 1024 * 1024:
            raise forms.ValidationError(
                f"Файл больше {MAX_MEGABYTES} МБ. Разделите его и загрузите по частям, "
                "либо выполните asuso organizations import на сервере."
            )
        return file
