"""What a family asks."""

from __future__ import annotations

from django import forms

from shared.access.fields import Category
from shared.ui.forms import SpeakingForm
from tenants.people.fields import FIELDS

ASKED_FIELDS = [
    (field.code, field.label)
    for field in FIELDS
    if field.category != Category.PUBLIC and field.code != "is_address_protected"
]


class CorrectionForm(SpeakingForm):
    """Which field is wrong and how it should read."""

    field = forms.ChoiceField(label="Что исправить", choices=ASKED_FIELDS)
    text = forms.CharField(
        label="Как должно быть",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Назовите документ, по которому секретарь исправит сведения.",
    )
