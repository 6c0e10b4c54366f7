"""Shape of what the wizard is given."""

from __future__ import annotations

from django import forms
from django.utils import timezone

from shared.documents.uploads import MEGABYTE, SPREADSHEET
from shared.imports.forms import table_file_field
from shared.kernel.days import academic_year_of

_MEGABYTES = SPREADSHEET.max_bytes // MEGABYTE


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
