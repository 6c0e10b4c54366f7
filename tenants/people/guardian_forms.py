"""Representatives of a new learner as forms: two at once, more on his card."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django import forms
from django.forms import BaseFormSet, formset_factory

from shared.cards.forms import form_field
from shared.classifiers.catalog import load_catalog
from shared.ui.forms import SpeakingForm
from tenants.people.forms import ADDRESS_FIELDS, DayField
from tenants.people.guardians import GuardianFacts
from tenants.people.layouts import GUARDIAN_LAYOUT

_NAME: Final = ("last_name", "first_name", "patronymic")
MORE: Final = ("birth_date", "email", "workplace", "position")
CARD_FIELDS: Final = (*_NAME, "phone", *MORE)


class GuardianForm(SpeakingForm):
    """One representative; an empty form is nobody."""

    relation = forms.ChoiceField(label="Кем приходится")
    consent_on = DayField(label="Согласие представителя от", required=False)
    has_childs_addresses = forms.BooleanField(label="Адреса как у ребёнка", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code in CARD_FIELDS:
            control = self.fields[code] = form_field(GUARDIAN_LAYOUT.fields[code])
            control.error_messages["required"] = f"Поле «{control.label}» пустое. Заполните его."
        self.fields["relation"].choices = relations("Выберите")  # type: ignore[attr-defined]
        self.order_fields([*_NAME, "relation", "phone", "consent_on", *MORE])

    def facts(self, *, addresses: Mapping[str, str]) -> GuardianFacts:
        """Call after ``is_valid``. ``addresses`` are the child's."""
        data = self.cleaned_data
        more = {name: data[name] for name in MORE}
        return GuardianFacts(
            **{name: data[name] for name in (*_NAME, "phone", "relation", "consent_on")},
            more=more | (dict(addresses) if data["has_childs_addresses"] else {}),
        )


def relations(empty: str, *, keep: Iterable[str] = ()) -> list[tuple[str, str]]:
    return [("", empty), *load_catalog().choices("guardian_relation", keep=keep)]


def guardian_forms(*, extra: int) -> type[BaseFormSet[GuardianForm]]:
    return formset_factory(GuardianForm, extra=extra, max_num=8, can_delete=True, can_delete_extra=False)


def guardians_in(formset: BaseFormSet[GuardianForm], *, addresses: Mapping[str, str]) -> list[GuardianFacts]:
    """Those who were filled in and not marked for removal; call after ``is_valid``."""
    filled = [form for form in formset if form.cleaned_data and not form.cleaned_data.get("DELETE")]
    return [form.facts(addresses=addresses) for form in filled]


def addresses_in(data: Mapping[str, Any]) -> dict[str, str]:
    """The child's addresses among checked values of his form; one under protection is nobody else's."""
    if data.get("is_address_protected"):
        return {}
    return {name: data.get(name, "") for name in ADDRESS_FIELDS}
