"""What is typed into a remark, an answer and a decision."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.utils import timezone

from shared.quality.currency import CURRENCY
from shared.quality.models import KINDS

_LONGEST = 1000


def _text(label: str, *, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=_LONGEST,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": _LONGEST}),
        error_messages={"required": "Поле пустое. Напишите одно-два предложения."},
    )


def _day() -> forms.DateField:
    return forms.DateField(
        label="Ответить до",
        input_formats=["%d.%m.%Y", "%Y-%m-%d"],
        widget=forms.DateInput(format="%d.%m.%Y", attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "required": "Срок не указан. Впишите дату, например 01.12.2026.",
            "invalid": "Дата не читается. Напишите её как ДД.ММ.ГГГГ.",
        },
    )


class TermForm(forms.Form):
    """A form with a day that has not passed."""

    due_on = _day()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {})
        kwargs["initial"] = {"due_on": timezone.localdate() + CURRENCY.remark_term} | kwargs["initial"]
        super().__init__(*args, **kwargs)

    def clean_due_on(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["due_on"]
        if day < timezone.localdate():
            raise forms.ValidationError("Этот день уже прошёл. Укажите срок не раньше сегодняшнего дня.")
        return day


class RemarkForm(TermForm):
    kind = forms.ChoiceField(label="О каких карточках", choices=[("", "Обо всех"), *KINDS.items()], required=False)
    text = _text("Замечание", help_text="Что исправить или внести. Имён и других сведений о людях не пишите.")
    field_order = ["kind", "text", "due_on"]


class ReturnForm(TermForm):
    verdict = _text("Что ещё исправить")
    field_order = ["verdict", "due_on"]


class AnswerForm(forms.Form):
    answer = _text("Ответ", help_text="Что сделано. Имён и других сведений о людях не пишите.")
