"""Shape of what the pages of files are given."""

from __future__ import annotations

from typing import Any, Final

from django import forms

from shared.documents.uploads import MEGABYTE, SPREADSHEET
from shared.imports.forms import table_file_field
from tenants.cards.files.kinds import FileKind
from tenants.cards.files.models import CardFile

_MEGABYTES: Final = SPREADSHEET.max_bytes // MEGABYTE
_PREFIX: Final = "column_"
SAMPLES: Final = 3


class CardsFileForm(forms.Form):
    file = table_file_field(
        label="Файл карточек",
        help_text=f"XLSX или CSV (UTF-8 или Windows-1251), первая строка — заголовки, до {_MEGABYTES} МБ.",
    )


class ColumnsForm(forms.Form):
    """Which column of the file is which field; «не читать» leaves a column out."""

    def __init__(self, *args: Any, run: CardFile, kind: FileKind, mapping: dict[str, str], **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [("", "Не читать"), *((column.code, column.header) for column in kind.columns.values())]
        for index, header in enumerate(run.headers):
            if header.strip():
                self.fields[f"{_PREFIX}{index}"] = forms.ChoiceField(
                    label=header,
                    choices=choices,
                    required=False,
                    initial=mapping.get(str(index), ""),
                    error_messages={"invalid_choice": "Такого поля нет. Выберите из списка."},
                )

    @property
    def mapping(self) -> dict[str, str]:
        """Index of a column → code of its field; call after ``is_valid``."""
        return {name.removeprefix(_PREFIX): code for name, code in self.cleaned_data.items() if code}


class ApplyForm(forms.Form):
    all_or_nothing = forms.BooleanField(required=False)
    skip_moved = forms.BooleanField(required=False)
