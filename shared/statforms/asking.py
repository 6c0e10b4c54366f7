"""What a page of a form is about: form, date and territory, read from the address. Source: INTERFACES 7."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import Http404, HttpRequest
from django.utils import timezone

from shared.contingent.counts import Territory
from shared.contingent.errors import ScopeUnknown
from shared.contingent.territories import Reach, reach_of
from shared.statforms.addresses import code_of, latin
from shared.statforms.bindings import FormBindings
from shared.statforms.catalog import FormLayout
from shared.statforms.compute import ComputedForm, compute
from shared.statforms.models import FormEdition
from shared.statforms.registry_facts import RegistryFacts
from shared.statforms.services import stored_form

REFERENCE_DAYS = {"ОО-1": (9, 20)}
"""Month and day a form is always of; the others are opened on today. Source: forms/README, as-of dates."""

EARLIEST = datetime.date(1990, 1, 1)
DAYS_AHEAD = 366
DAY_FORMATS = ["%d.%m.%Y", "%Y-%m-%d"]


class DayForm(forms.Form):
    """The reference date; a day far away is a slip of the keyboard."""

    as_of = forms.DateField(
        required=False,
        input_formats=DAY_FORMATS,
        error_messages={"invalid": "Дата не понята. Введите её как 20.09.2026."},
    )

    def clean_as_of(self) -> datetime.date | None:
        day: datetime.date | None = self.cleaned_data["as_of"]
        latest = timezone.localdate() + datetime.timedelta(days=DAYS_AHEAD)
        if day is not None and not EARLIEST <= day <= latest:
            raise forms.ValidationError(f"Дата должна быть между {EARLIEST:%d.%m.%Y} и {latest:%d.%m.%Y}.")
        return day


@dataclass(frozen=True)
class Asked:
    """A form on a day for a territory, ready to be computed; ``problem`` says what of the request was refused."""

    layout: FormLayout
    bindings: FormBindings
    as_of: datetime.date
    reach: Reach
    territory: Territory
    problem: str = ""

    @property
    def address(self) -> str:
        return latin(self.layout.code)

    @property
    def query(self) -> str:
        """What follows «?» in every link that stays with this day and territory."""
        return self.query_for(self.reach.chosen.code)

    def query_for(self, scope: str, **more: str) -> str:
        return urlencode({"as_of": self.as_of.isoformat(), "scope": scope, **more})

    def compute(self, bindings: FormBindings | None = None) -> ComputedForm:
        """The form over the registry; ``bindings`` narrows it to a few cells."""
        return compute(
            self.layout,
            bindings or self.bindings,
            RegistryFacts(as_of=self.as_of, territory=self.territory),
            as_of=self.as_of,
            scope_label=self.territory.label,
        )


def asked(request: HttpRequest, address: str) -> Asked:
    """The form at ``address`` as the request asks for it; somebody else's territory does not exist."""
    code = code_of(address, FormEdition.objects.values_list("code", flat=True))
    if code is None:
        raise Http404
    layout, bindings = stored_form(code)
    reach = _reach(request)
    day = DayForm(request.GET)
    is_understood = day.is_valid()
    chosen = day.cleaned_data["as_of"] if is_understood else None
    return Asked(
        layout=layout,
        bindings=bindings,
        as_of=chosen or usual_day(code),
        reach=reach,
        territory=reach.territory,
        problem="" if is_understood else str(day.errors["as_of"][0]),
    )


def usual_day(code: str) -> datetime.date:
    """The latest reference day of a form that has come, or today."""
    today = timezone.localdate()
    if code not in REFERENCE_DAYS:
        return today
    this_year = datetime.date(today.year, *REFERENCE_DAYS[code])
    return this_year if this_year <= today else this_year.replace(year=today.year - 1)


def _reach(request: Any) -> Reach:  # Any: actor and workspace are put on the request by the middleware
    try:
        return reach_of(request.actor, request.workspace, request.GET.get("scope", ""))
    except ScopeUnknown as unknown:
        raise Http404 from unknown
