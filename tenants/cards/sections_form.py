"""The form of a section as it stands on the screen: fields a person may write, the document, what a draft restores."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.http import QueryDict
from django.utils.safestring import SafeString

from shared.cards.forms import ABSENCE_PREFIX, SectionForm
from shared.cards.layout import Field, Section
from shared.cards.models import CardModel
from shared.cards.values import is_filled, value_of, values_of
from shared.kernel.rules import RuleViolation
from tenants.cards.models import SectionDraft
from tenants.cards.sections import CardLook, common_fields


class EditForm(SectionForm):
    """A section of a card with the document on which its changes rest. Source: R-091."""

    basis = forms.CharField(
        label="Основание (документ)",
        max_length=300,
        required=False,
        help_text="Например: паспорт, заявление от 12.10.2026. Останется в истории изменений.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def tell(self, violation: RuleViolation) -> None:
        """Show a refusal at the field it blames."""
        blamed = violation.facts.get("blamed") or violation.field
        self.add_error(str(blamed) if blamed in self.fields else None, str(violation))

    @property
    def controls(self) -> list[Control]:
        """The fields in the order of the card, each with the question why it is empty."""
        return [
            Control(
                bound=self[one.code],
                why=self[f"{ABSENCE_PREFIX}{one.code}"]
                if f"{ABSENCE_PREFIX}{one.code}" in self.fields and not is_filled(self._values.get(one.code))
                else None,
                field=one,
            )
            for one in self._typed
        ]


@dataclass(frozen=True, slots=True)
class Control:
    """A field on the screen; ``why`` asks the reason of its emptiness."""

    bound: BoundField
    why: BoundField | None
    field: Field

    @property
    def width(self) -> str:
        return self.field.width

    @property
    def why_select(self) -> SafeString:
        assert self.why is not None
        return self.why.as_widget(attrs={"class": "input input--sm w-m"})


def section_form(
    look: CardLook, section: Section, data: QueryDict | None = None, *, draft: SectionDraft | None = None
) -> EditForm:
    """The form of a common section; closed values are neither in it nor in what its rules say."""
    return EditForm(
        data,
        card=look.kind.code,
        fields=look.editable(section),
        values=_open_values(look),
        absences=look.card.absences,
        people=tuple(look.people.items()),
        initial=dict(draft.texts) if draft else {},
        auto_id=f"{section.code}-%s",
    )


def row_form(
    look: CardLook, section: Section, row: Any, data: QueryDict | None = None, *, draft: SectionDraft | None = None
) -> EditForm:
    """The form of one row, checked beside what is open of its card; ``row`` is None for a new one."""
    fields = look.editable(section)
    codes = {one.code for one in section.fields}
    owner = {code: value for code, value in _open_values(look).items() if code not in codes}
    return EditForm(
        data,
        card=f"{look.kind.code}.{section.code}",  # the rules of the card are not those of its rows
        fields=fields,
        values=owner | ({one.code: value_of(row, one) for one in fields} if row is not None else {}),
        people=tuple(look.people.items()),
        initial=dict(draft.texts) if draft else {},
        auto_id=f"{section.code}-%s",
    )


def _open_values(look: CardLook) -> dict[str, Any]:
    hidden = look.kind.hides(look.card)
    card: CardModel = look.card
    fields = {
        code: one
        for code, one in common_fields(look.kind).items()
        if (look.may_identify or not one.is_masked) and code not in hidden
    }
    return values_of(card, fields) | look.kind.values_beside(card)
