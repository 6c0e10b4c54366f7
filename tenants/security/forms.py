"""Measures as forms; rules that need the database are the services'."""

from __future__ import annotations

import datetime
from typing import Any, Final

from django import forms
from django.utils import timezone

from shared.documents.uploads import MEGABYTE, PDF, Purpose, UploadField
from shared.ui.forms import SpeakingForm
from tenants.people.forms import DayField
from tenants.security.models import Incident

REGULATION_FILE: Final = Purpose(
    kinds=(PDF,),
    kinds_text="PDF",
    max_bytes=10 * MEGABYTE,
    advice="Сохраните документ с меньшим разрешением и загрузите снова.",
)
_MOMENT: Final = "%d.%m.%Y %H:%M"


class MomentField(forms.DateTimeField):
    """A moment that has come: ДД.ММ.ГГГГ ЧЧ:ММ, never in the future."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.DateTimeInput(format=_MOMENT, attrs={"placeholder": "ДД.ММ.ГГГГ ЧЧ:ММ"}))
        super().__init__(**options)
        self.error_messages["invalid"] = "Впишите дату и время как 01.09.2026 08:30."

    def clean(self, value: Any) -> datetime.datetime | None:
        moment: datetime.datetime | None = super().clean(value)
        if moment is not None and moment > timezone.now():
            raise forms.ValidationError("Это время ещё не наступило. Проверьте дату.")
        return moment


class ReviewForm(SpeakingForm):
    """When rights were reviewed, and by which order or with which result."""

    reviewed_on = DayField(label="Дата пересмотра")
    order_number = forms.CharField(label="№ приказа", max_length=40, required=False)
    order_date = DayField(label="Дата приказа", required=False)
    note = forms.CharField(
        label="Примечание",
        max_length=500,
        required=False,
        help_text="Что изменили. Обязательно, если приказа не было.",
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not data.get("order_number") and not data.get("note"):
            self.add_error("note", "Нет ни приказа, ни примечания. Впишите одно из двух.")
        if data.get("order_number") and not data.get("order_date") and "order_date" not in self.errors:
            self.add_error("order_date", "У приказа нет даты. Впишите её.")
        return data


class RegulationForm(SpeakingForm):
    """The document with the order that approved it."""

    number = forms.CharField(label="№ приказа об утверждении", max_length=40)
    approved_on = DayField(label="Дата приказа")
    file = UploadField(REGULATION_FILE, label="Положение о защите персональных данных")


class IncidentForm(SpeakingForm):
    """An incident as far as it is known."""

    found_at = MomentField(label="Обнаружен")
    description = forms.CharField(
        label="Что произошло",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Без имён и номеров документов: запись читают и проверяющие.",
    )
    data_categories = forms.CharField(
        label="Категории данных", max_length=500, help_text="Например: имена, телефоны, сведения о здоровье."
    )
    people_count = forms.IntegerField(label="Сколько человек затронуто", min_value=0, max_value=10_000_000)
    measures = forms.CharField(
        label="Принятые меры", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    is_notifiable = forms.BooleanField(
        label="Права субъектов нарушены, Роскомнадзор уведомляется за 24 и 72 часа", required=False, initial=True
    )
    notified_at = MomentField(label="Уведомление отправлено (24 часа)", required=False)
    findings_sent_at = MomentField(label="Результаты расследования отправлены (72 часа)", required=False)

    @classmethod
    def initial_of(cls, incident: Incident) -> dict[str, Any]:
        return {name: getattr(incident, name) for name in cls.base_fields}
