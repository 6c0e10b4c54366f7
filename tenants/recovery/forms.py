"""Why records are taken back, and why that is undone."""

from __future__ import annotations

from django import forms

from shared.access.approvals.forms import NO_NAMES
from shared.ui.forms import SpeakingForm


class AskForm(SpeakingForm):
    """The reason goes to the second person and stands beside every change in the history."""

    reason = forms.CharField(
        label="Почему нужно вернуть",
        max_length=200,
        help_text=NO_NAMES,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    with_special = forms.BooleanField(
        label="Вместе с особыми сведениями выбранных учеников",
        required=False,
        help_text="Если в копии они другие. Показаны они будут только тому, кому открыты.",
    )


class UndoForm(SpeakingForm):
    """Why a taking back is taken back."""

    reason = forms.CharField(
        label="Почему отменяете",
        max_length=200,
        help_text=NO_NAMES,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
