"""Shape of a request and of a decision."""

from __future__ import annotations

from django import forms

NO_NAMES = "Имён, номеров документов и телефонов людей не указывайте."


class AskForm(forms.Form):
    """Why the list is needed; what list it is travels sealed."""

    reason = forms.CharField(label="Зачем нужен файл", max_length=300, help_text=NO_NAMES)
    sealed = forms.CharField(widget=forms.HiddenInput, max_length=8000)


class DecisionForm(forms.Form):
    """Yes or no, and why; a refusal without a reason helps nobody."""

    decision = forms.ChoiceField(choices=[("approved", "Разрешить"), ("refused", "Отказать")])
    reason = forms.CharField(label="Пояснение", max_length=300, required=False, help_text=NO_NAMES)

    def clean(self) -> dict[str, object]:
        found = super().clean() or {}
        if found.get("decision") == "refused" and not found.get("reason"):
            self.add_error("reason", "Напишите, почему отказано: это увидит тот, кто просил.")
        return found
