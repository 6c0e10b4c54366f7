"""Shape of what the operator says about a break; the rules are the services'."""

from __future__ import annotations

import datetime
from typing import Any, Final

from django import forms
from django.utils import timezone

from shared.maintenance.models import NOTICE, MaintenanceBreak
from shared.organizations.models import Organization
from shared.ui.forms import SpeakingForm

MOMENT: Final = "%d.%m.%Y %H:%M"
STEP_MINUTES: Final = 5
Kind = MaintenanceBreak.Kind


class MomentField(forms.DateTimeField):
    """A moment as the register shows it: ДД.ММ.ГГГГ ЧЧ:ММ."""

    def __init__(self, **options: Any) -> None:  # Any: as the stock field
        options.setdefault("widget", forms.DateTimeInput(format=MOMENT, attrs={"placeholder": "ДД.ММ.ГГГГ ЧЧ:ММ"}))
        super().__init__(**options)
        self.error_messages["invalid"] = "Впишите дату и время как 01.09.2026 08:30."


class AnnounceForm(SpeakingForm):
    """A break to come, or one that begins at once."""

    kind = forms.ChoiceField(
        label="Когда",
        choices=[(Kind.PLANNED, "К назначенному времени"), (Kind.FAILURE, "Немедленно, из-за неисправности")],
        widget=forms.RadioSelect,
        initial=Kind.PLANNED,
    )
    reason = forms.CharField(
        label="Причина", max_length=300, help_text="Её увидят все, в том числе на открытой странице состояния."
    )
    planned_start = MomentField(
        label="Начало", required=False, help_text="Обязательно для перерыва к назначенному времени."
    )
    planned_end = MomentField(
        label="Ожидаемое окончание",
        required=False,
        help_text="При неисправности можно не указывать: перерыв продлится до её устранения.",
    )
    organization = forms.CharField(
        label="Адрес организации",
        max_length=40,
        required=False,
        help_text="Пусто: перерыв всей установки. Иначе первая часть адреса, например sosh-14.",
    )

    def clean_organization(self) -> Organization | None:
        slug = self.cleaned_data["organization"].strip().lower()
        if not slug:
            return None
        found = Organization.objects.exclude(status=Organization.Status.ARCHIVED).filter(slug=slug).first()
        if found is None:
            raise forms.ValidationError(f"Организации с адресом «{slug}» нет. Проверьте адрес в парке организаций.")
        return found

    def clean(self) -> dict[str, Any]:  # Any: values of the fields
        data = super().clean() or self.cleaned_data
        if data.get("kind") == Kind.PLANNED:
            for name in ("planned_start", "planned_end"):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, "Плановому перерыву нужны начало и окончание. Впишите время.")
        return data


class UntilForm(SpeakingForm):
    """A new expectation of the end."""

    planned_end = MomentField(label="Новое ожидаемое окончание")


class EndForm(SpeakingForm):
    """The announced end."""

    ends_at = MomentField(label="Окончание", help_text="Не раньше чем через 15 минут.")


def suggested_end() -> str:
    """The first round time that is early enough, with a minute to press the button."""
    earliest = timezone.localtime() + NOTICE + datetime.timedelta(minutes=1)
    rest = -earliest.minute % STEP_MINUTES
    rounded = (earliest + datetime.timedelta(minutes=rest)).replace(second=0, microsecond=0)
    return (rounded if rounded >= earliest else rounded + datetime.timedelta(minutes=STEP_MINUTES)).strftime(MOMENT)
