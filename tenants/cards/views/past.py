"""The history of a card, and the card as it stood on a day."""

from __future__ import annotations

import datetime
import uuid

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from shared.access.support.showing import shows_people
from shared.cards.kinds import CardKind
from shared.ui.forms import SpeakingForm
from tenants.cards.changes import changes_of
from tenants.cards.past import card_on
from tenants.cards.sections import CardLook
from tenants.cards.successors import leads_on
from tenants.cards.views.common import look_of, subject_kind


class DayForm(SpeakingForm):
    """The day on whose end the card is looked at."""

    on = forms.DateField(
        label="На дату",
        error_messages={"invalid": "Напишите дату как ДД.ММ.ГГГГ, например 01.09.2026."},
    )

    def clean_on(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["on"]
        if day > timezone.localdate():
            raise forms.ValidationError("Этот день ещё не наступил. Выберите сегодняшний или прошедший.")
        return day


@leads_on("card_id")
@require_safe
def history(request: HttpRequest, kind: CardKind, card_id: uuid.UUID) -> HttpResponse:
    """Changes of one card and of its rows, the latest first."""
    look = look_of(request, kind, card_id, kind.reads)
    shows_people(request, 1, subject_kind=subject_kind(kind), subject_id=look.card.pk)
    changes, earlier = changes_of(look, request)
    context = {
        "look": look,
        "changes": changes,
        "earlier": earlier,
        "before": request.GET.get("before"),
        "day_form": DayForm(),
    }
    return render(request, "cards/history.html", context)


@leads_on("card_id")
@require_safe
def past(request: HttpRequest, kind: CardKind, card_id: uuid.UUID) -> HttpResponse:
    """The card as it stood at the end of a day; nothing in it can be changed."""
    look = look_of(request, kind, card_id, kind.reads)
    shows_people(request, 1, subject_kind=subject_kind(kind), subject_id=look.card.pk)
    form = DayForm(request.GET)
    context = {"look": look, "day_form": form, "views": None, "day": None}
    if form.is_valid():
        day = form.cleaned_data["on"]
        card = card_on(kind, look.card, day)
        # What is closed today is closed in the past too: its values are those that are kept away now.
        is_hidden = look.is_sealed or (card is not None and set(kind.hides(look.card)) > set(kind.hides(card)))
        context |= {"day": day, "is_hidden": is_hidden}
        if card is not None and not is_hidden:
            was = CardLook(kind, card, look.actor, may_edit=False, may_identify=look.may_identify, people=look.people)
            context |= {"was": was, "views": was.sections()}
    return render(request, "cards/past.html", context, status=200 if form.is_valid() else 422)
