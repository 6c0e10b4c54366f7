"""Shape of «handed over»."""

from django import forms
from django.utils import timezone


class HandedForm(forms.Form):
    """Into whose hands and on which day."""

    to = forms.CharField(label="Кому вручён", max_length=300)
    on = forms.DateField(label="Дата вручения", initial=timezone.localdate)

    def clean_on(self) -> object:
        day = self.cleaned_data["on"]
        if day > timezone.localdate():
            raise forms.ValidationError("Эта дата ещё не наступила. Укажите день, когда листок вручён.")
        return day
