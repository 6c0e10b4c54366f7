"""What a clerk types of an employee: hiring, dismissal, a new passport, rows; fields and checks are the card's."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from django import forms
from django.utils import timezone

from shared.cards.forms import form_field, shown_value
from shared.cards.layout import Field
from shared.cards.rules import findings
from shared.cards.values import value_of
from shared.documents.uploads import CheckedUpload, UploadField
from shared.ui.forms import SpeakingForm
from tenants.staff.former import DOCUMENT
from tenants.staff.layout import LAYOUT, WORKS
from tenants.staff.models import MethodicalWork, StaffMember
from tenants.staff.works import WORK_UPLOAD

# In the order in which the papers lie before the clerk: passport, СНИЛС, diploma, order.
HIRE_PARTS: Final[Sequence[tuple[str, tuple[str, ...]]]] = (
    ("Кто", ("last_name", "first_name", "patronymic", "birth_date", "sex", "snils", "inn")),
    ("Паспорт и адрес", (*DOCUMENT, "registration_address", "residence_address")),
    ("Связь", ("mobile_phone", "home_phone", "email")),
    ("Приём на работу", ("main_position", "hire_date", "hire_order_no", "hire_order_date")),
)

EARLIEST_WORK: Final = 1950


class CardFieldsForm(SpeakingForm):
    """Fields of the card's layout as controls; ``held`` is what stands there already."""

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        fields: Sequence[Field],
        held: Mapping[str, Any] = MappingProxyType({}),
        **options: Any,
    ) -> None:
        super().__init__(data, files, **options)
        self.card_fields = [field for field in fields if not field.is_derived]
        for field in self.card_fields:
            self.fields[field.code] = control = form_field(field, held=held.get(field.code))
            control.error_messages["required"] = f"Поле «{field.label}» пустое. Заполните его."

    @property
    def values(self) -> dict[str, Any]:
        """Codes and values of the card's fields; call after ``is_valid``."""
        return {field.code: self.cleaned_data[field.code] for field in self.card_fields}


class HireForm(CardFieldsForm):
    """A new employee: what the papers of hiring say; the rest is filled in on his card."""

    is_namesake = forms.BooleanField(label="Это другой человек с тем же именем и датой рождения", required=False)

    def __init__(self, data: Any = None, **options: Any) -> None:
        codes = [code for _, part in HIRE_PARTS for code in part]
        today = f"{timezone.localdate():%d.%m.%Y}"
        initial = {"doc_type": "passport_rf", "hire_date": today, "hire_order_date": today}
        fields = [LAYOUT.fields[code] for code in (*codes, "consent_on")]
        super().__init__(data, fields=fields, initial=initial, **options)
        self.fields["consent_on"].error_messages["required"] = (
            "Без письменного согласия карточку заводить нельзя. Укажите дату согласия."
        )

    @property
    def parts(self) -> list[tuple[str, list[forms.BoundField]]]:
        return [(title, [self[code] for code in codes]) for title, codes in HIRE_PARTS]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("doc_type") and not data.get("doc_number"):
            data["doc_type"] = ""  # the usual kind was offered and no number followed
        check_rules(self, data)
        return data


class DocumentForm(CardFieldsForm):
    """A passport in place of the former one."""

    replaced_on = forms.DateField(label="Заменён с")
    basis = forms.CharField(label="Основание", max_length=300, required=False, help_text="Например: смена фамилии.")

    def __init__(self, data: Any = None, *, member: StaffMember, **options: Any) -> None:
        initial = {"doc_type": member.doc_type or "passport_rf", "replaced_on": timezone.localdate()}
        super().__init__(data, fields=[LAYOUT.fields[code] for code in DOCUMENT], initial=initial, **options)
        self._birth_date = member.birth_date
        for code in ("doc_type", "doc_number"):
            self.fields[code].required = True

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        check_rules(self, {**data, "birth_date": self._birth_date})
        return data


class OrderForm(SpeakingForm):
    """The order a change rests on."""

    order_no = forms.CharField(label="№ приказа", max_length=40)
    order_date = forms.DateField(label="Дата приказа")


class DismissForm(OrderForm):
    dismissed_on = forms.DateField(label="Последний рабочий день")
    field_order = ("dismissed_on", "order_no", "order_date")


class ReinstateForm(OrderForm):
    hire_date = forms.DateField(
        label="Принят снова с", required=False, help_text="Пусто, если отменено само увольнение."
    )
    field_order = ("hire_date", "order_no", "order_date")


class ConsentForm(SpeakingForm):
    """A consent of somebody whose card is sealed."""

    signed_on = forms.DateField(label="Дата согласия")

    def clean_signed_on(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["signed_on"]
        if day > timezone.localdate():
            raise forms.ValidationError("Эта дата ещё не наступила. Проверьте год.")
        return day


class WorkForm(CardFieldsForm):
    """A methodical work with its file."""

    def __init__(self, data: Any = None, files: Any = None, *, work: MethodicalWork | None = None) -> None:
        held = {field.code: value_of(work, field) for field in WORKS.fields} if work else {}
        shown = {field.code: shown_value(field, held[field.code]) for field in WORKS.fields} if work else {}
        super().__init__(data, files, fields=WORKS.fields, held=held, initial=shown)
        self.fields["upload"] = UploadField(WORK_UPLOAD, label="Файл", required=False)

    def clean_year(self) -> int:
        year: int = self.cleaned_data["year"]
        latest = timezone.localdate().year
        if not EARLIEST_WORK <= year <= latest:
            raise forms.ValidationError(f"Год разработки — от {EARLIEST_WORK} до {latest}. Исправьте его.")
        return year

    @property
    def upload(self) -> CheckedUpload | None:
        return self.cleaned_data.get("upload")


class AnnulForm(SpeakingForm):
    reason = forms.CharField(label="Почему запись ошибочна", max_length=300)


def check_rules(form: forms.Form, values: Mapping[str, Any]) -> None:
    """What the fields of the card contradict in each other, said at the field to blame."""
    for finding in findings(LAYOUT.code, values, timezone.localdate()):
        if finding.level == "hard" and finding.field in form.fields and finding.field not in form.errors:
            form.add_error(finding.field, finding.sentence)
