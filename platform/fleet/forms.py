"""Shape of the console's input."""

from __future__ import annotations

import datetime
from typing import Any, Final

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone

from fleet.agreements import AgreementFacts
from fleet.subordination import REGIONAL, Change
from shared.documents.uploads import MEGABYTE, SPREADSHEET
from shared.imports.forms import table_file_field
from shared.organizations.models import AuthorityBody, ConnectionAgreement, Municipality, Organization
from shared.ui.forms import SpeakingForm

MAX_MEGABYTES = 5
_FIRST_DAY: Final = datetime.date(2000, 1, 1)
_LAST_DAY: Final = datetime.date(2099, 12, 31)
_AS_NOW: Final = "now"


class OrganizationsFileForm(forms.Form):
    file = table_file_field(
        label="Файл организаций",
        help_text=f"CSV или XLSX, первая строка — заголовки, до {MAX_MEGABYTES} МБ.",
        purpose=SPREADSHEET.up_to(
            MAX_MEGABYTES * MEGABYTE,
            "Разделите его и загрузите по частям, либо выполните asuso organizations import на сервере.",
        ),
    )


def _day(label: str, *, help_text: str = "", required: bool = True) -> forms.DateField:
    said = f"Дата вне пределов: с {_FIRST_DAY:%d.%m.%Y} по {_LAST_DAY:%d.%m.%Y}. Исправьте её."
    return forms.DateField(
        label=label,
        help_text=help_text,
        required=required,
        validators=[MinValueValidator(_FIRST_DAY, said), MaxValueValidator(_LAST_DAY, said)],
    )


class AddressForm(SpeakingForm):
    """Another address of an organization."""

    slug = forms.CharField(
        label="Новый адрес",
        max_length=63,
        help_text="Латинские строчные буквы, цифры и дефис, до 40 знаков. Без точек и названия портала.",
    )

    def clean_slug(self) -> str:
        return str(self.cleaned_data["slug"]).lower()


class SubordinationForm(SpeakingForm):
    """Another municipality or founder of an organization from a day."""

    municipality = forms.ChoiceField(label="Муниципалитет")
    founder = forms.ChoiceField(
        label="Учредитель",
        help_text="Если не выбирать, орган управления прежнего муниципалитета сменится органом нового.",
    )
    valid_from = _day("Действует с", help_text="В этот день организация уже относится к новому муниципалитету.")
    ground = forms.CharField(label="Основание", max_length=300, required=False, help_text="Акт, его номер и дата.")

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        kwargs["initial"] = {"valid_from": timezone.localdate(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        region = organization.region_id
        places = Municipality.objects.filter(region=region).order_by("name").values_list("pk", "name")
        bodies = AuthorityBody.objects.filter(region=region).order_by("name").values_list("code", "name")
        here = organization.municipality.name if organization.municipality else "региональное подчинение"
        held = organization.founder.name if organization.founder else "не указан"
        self._offer("municipality", [(_AS_NOW, f"Не меняется: {here}"), (REGIONAL, "Региональное подчинение"), *places])
        self._offer("founder", [(_AS_NOW, f"Не выбран, сейчас: {held}"), *bodies])

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    @property
    def change(self) -> Change:
        facts = self.cleaned_data
        named = {name: facts[name] for name in ("municipality", "founder") if facts[name] != _AS_NOW}
        return Change(valid_from=facts["valid_from"], ground=facts["ground"], **named)


class AgreementForm(SpeakingForm):
    """An agreement with the administration of a municipality, as its paper says."""

    municipality = forms.ModelChoiceField(Municipality.objects.none(), label="Муниципалитет")
    administration = forms.CharField(
        label="Сторона: администрация", max_length=300, help_text="Как названа в соглашении."
    )
    number = forms.CharField(label="Номер", max_length=60)
    signed_on = _day("Подписано")
    valid_from = _day("Действует с")
    valid_until = _day("Действует по", required=False, help_text="Последний день. Пусто — бессрочно.")

    def __init__(self, *args: Any, region: str | None, of: ConnectionAgreement | None = None, **kwargs: Any) -> None:
        if of is not None:
            kwargs["initial"] = {name: getattr(of, name) for name in AgreementFacts.__dataclass_fields__}
        super().__init__(*args, **kwargs)
        known = Municipality.objects.select_related("region").order_by("region__name", "name")
        field = self.fields["municipality"]
        field.queryset = known.filter(region=region) if region else known  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        first, last = facts.get("valid_from"), facts.get("valid_until")
        if first and last and last < first:
            self.add_error("valid_until", "Последний день раньше первого. Исправьте одну из дат.")
        return facts

    @property
    def facts(self) -> AgreementFacts:
        return AgreementFacts(**self.cleaned_data)
