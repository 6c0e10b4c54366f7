"""The public catalog of connected organizations: what anybody may search and see."""

from __future__ import annotations

from django import forms
from django.core.paginator import Page, Paginator
from django.db.models import F, Func, Q, QuerySet, TextField, Value
from django.db.models.functions import Concat, Lower
from django.http import QueryDict

from shared.organizations.models import Municipality, Organization, OrgType

PAGE_SIZE = 24


class CatalogFilter(forms.Form):
    """What the visitor asked for; a value that means nothing is left out instead of refused."""

    q = forms.CharField(required=False, max_length=100)
    type = forms.ChoiceField(required=False, choices=OrgType.choices)
    municipality = forms.RegexField(r"^\d{8}$", required=False)

    @property
    def wanted(self) -> dict[str, str]:
        self.is_valid()
        return {name: str(self.cleaned_data.get(name, "")) for name in self.fields}


def connected() -> QuerySet[Organization]:
    """Organizations that work here; the catalog is public, so it is the same for everybody."""
    return Organization.objects.filter(status=Organization.Status.ACTIVE).select_related("municipality", "region")


def search(parameters: QueryDict) -> tuple[Page[Organization], dict[str, str]]:
    """One page of the catalog and the filters it answers; every word must stand in a name or in the municipality."""
    wanted = CatalogFilter(parameters).wanted
    found = connected()
    if wanted["type"]:
        found = found.filter(org_type=wanted["type"])
    if wanted["municipality"]:
        found = found.filter(municipality_id=wanted["municipality"])
    if wanted["q"]:
        found = found.annotate(haystack=_folded(_HAYSTACK)).filter(_every_word(wanted["q"]))
    return Paginator(found, PAGE_SIZE).get_page(parameters.get("page")), wanted


def municipalities() -> QuerySet[Municipality]:
    """Those with at least one connected organization."""
    return Municipality.objects.filter(organizations__status=Organization.Status.ACTIVE).distinct().order_by("name")


def _every_word(question: str) -> Q:
    words = Q()
    for word in _plain(question).split():
        words &= Q(haystack__contains=word)
    return words


def _plain(text: str) -> str:
    return text.lower().replace("ё", "е").replace("№", " ").replace("«", " ").replace("»", " ")


_HAYSTACK = Concat(
    F("short_name"),
    Value(" "),
    F("full_name"),
    Value(" "),
    Func(F("municipality__name"), Value(""), function="coalesce"),
    Value(" "),
    F("address"),
    output_field=TextField(),
)


def _folded(expression: Concat) -> Func:
    return Func(Lower(expression), Value("ё"), Value("е"), function="translate", output_field=TextField())
