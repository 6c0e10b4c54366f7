"""Shape of what the wizard is given."""

from __future__ import annotations

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from shared.imports.forms import table_file_field
from shared.imports.tables import MAX_BYTES
from tenants.intake.days import academic_year_of

_MEGABYTES = MAX_BYTES // 1024 // 1024


class ContingentFileForm(forms.Form):
    file = table_file_field(
        label="Файл контингента",
        help_text=f"CSV (UTF-8 или Windows-1251) или XLSX, первая строка — заголовки, до {_MEGABYTES} МБ.",
    )
    year = forms.TypedChoiceField(
        label="Учебный год классов",
        help_text="К нему относятся классы всех строк без выбытия.",
        coerce=int,
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        year = academic_year_of(timezone.localdate())
        choices = [(one, f"{one}/{(one + 1) % 100:02d}") for one in range(year + 1, year - 12, -1)]
        self.fields["year"].choices = choices  # type: ignore[attr-defined]
        self.fields["year"].initial = year

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MAX_BYTES:
            raise forms.ValidationError(
                f"Файл больше {_MEGABYTES} МБ. Разделите его на несколько и загрузите по очереди."
            )
        return file


class ConsentForm(forms.Form):
    consent_on = forms.DateField(
        label="Дата согласия",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={
            "required": "Дата согласия не указана. Возьмите её из письменного согласия.",
            "invalid": "Дата не читается. Напишите её как ДД.ММ.ГГГГ.",
        },
    )


class ApplyForm(forms.Form):
    update = forms.BooleanField(required=False)
    all_or_nothing = forms.BooleanField(required=False)
