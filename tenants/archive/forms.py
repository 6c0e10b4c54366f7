"""What a person says when he orders an archive or notes its copy."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone

from shared.archive.parts import Span
from shared.kernel.days import academic_year_of
from shared.kernel.rules import RuleViolation
from tenants.archive.services import TERMS, USUAL_TERM


class OrderForm(forms.Form):
    """An academic year or a day, how long to keep, whether special facts go in."""

    kind = forms.ChoiceField(
        label="За какой срок", choices=[(Span.YEAR, "Учебный год"), (Span.DAY, "На день")], initial=Span.YEAR
    )
    year = forms.TypedChoiceField(label="Учебный год", coerce=int, required=False)
    day = forms.DateField(
        label="День",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="Списки на этот день, приказы и журналы с начала его учебного года.",
    )
    term = forms.TypedChoiceField(
        label="Хранить", coerce=int, choices=[(years, f"{years} лет") for years in TERMS], initial=USUAL_TERM
    )
    special = forms.BooleanField(
        label="Включить особые сведения и закрытые карточки",
        required=False,
        help_text="Здоровье, социальное положение, учёт и карточки, закрытые отзывом согласия.",
    )
    reason = forms.CharField(
        label="Основание",
        max_length=300,
        required=False,
        help_text="Номенклатура дел, приказ, запрос. Для особых сведений обязательно.",
    )

    def __init__(self, *args: Any, years: Iterable[int], may_special: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        known = sorted({*years, academic_year_of(today)}, reverse=True)
        self.fields["year"].choices = [(year, f"{year}/{year + 1}") for year in known]  # type: ignore[attr-defined]
        if not may_special:
            del self.fields["special"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        day = data.get("day")
        if data.get("kind") == Span.DAY and "day" in data:
            if day is None:
                self.add_error("day", "Укажите день, на который нужен архив.")
            elif day > timezone.localdate():
                self.add_error("day", "Этот день ещё не наступил. Выберите день не позже сегодняшнего.")
        elif data.get("kind") == Span.YEAR and not data.get("year"):
            self.add_error("year", "Выберите учебный год.")
        if data.get("special") and not data.get("reason"):
            self.add_error("reason", "Напишите, на каком основании в архив входят особые сведения.")
        return data

    @property
    def span(self) -> Span:
        data = self.cleaned_data
        if data["kind"] == Span.DAY:
            return Span.of_day(data["day"])
        return Span.of_year(data["year"], timezone.localdate())

    def refuse(self, violation: RuleViolation) -> None:
        self.add_error(None, str(violation))


class CopyForm(forms.Form):
    """The second copy: on which carrier, when, where it lies."""

    carrier = forms.CharField(label="Копия на съёмном носителе №", max_length=60)
    copied_on = forms.DateField(
        label="Дата копирования", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    place = forms.CharField(label="Где хранится носитель", max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"copied_on": _today()})
        super().__init__(*args, **kwargs)

    def refuse(self, violation: RuleViolation) -> None:
        field = violation.field if violation.field in self.fields else None
        self.add_error(field, str(violation))


def _today() -> datetime.date:
    return timezone.localdate()
