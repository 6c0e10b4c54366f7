"""Forms that speak to the person: which field is empty, what a service refused."""

from __future__ import annotations

from typing import Any

from django import forms

from shared.kernel.rules import RuleViolation


class SpeakingForm(forms.Form):
    """Says which field is empty and what to do; a field's own words stay."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if field.error_messages.get("required") == forms.Field.default_error_messages["required"]:
                field.error_messages["required"] = f"Поле «{field.label}» пустое. Заполните его."

    def refuse(self, violation: RuleViolation) -> None:
        """Show a service's refusal at the field it blames."""
        self.add_error(violation.field if violation.field in self.fields else None, str(violation))
