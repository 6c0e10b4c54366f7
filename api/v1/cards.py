"""Cards of an organization for programs: the same fields, rules and rights as its pages. Source: R-121.

Values travel as the organization keeps them: codes of classifiers, ISO days, true and false. What the caller may not
read stands in ``closed``; special facts are never served here, they open with a reason on the card's own page.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Mapping
from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions, serializers
from rest_framework.generics import GenericAPIView, ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from api.v1.authentication import actor_of
from shared.access.requests import note_action
from shared.accounts.sealing import keyed_digest
from shared.cards.filling import has, wanted
from shared.cards.forms import ABSENCE_PREFIX, SectionForm
from shared.cards.kinds import CardKind
from shared.cards.layout import Absence, Field, Section
from shared.cards.models import CardModel
from shared.cards.values import is_filled, plain, value_of, values_of
from shared.tenancy.scopes import give_reason
from tenants.cards.sections import SEALED_OPEN, CardLook, common_fields, loaded, rows_of
from tenants.cards.sections_saving import Base, Entry, base_of, save_section
from tenants.cards.views.common import note_disclosure, subject_kind

_IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, description="ETag карточки, которую вы прочли: чужое не затирается."
)


class Stale(exceptions.APIException):
    """Somebody has changed the card since the caller read it."""

    status_code = 412


class EtagWanted(exceptions.APIException):
    """A change that does not say which state of the card it is made on."""

    status_code = 428


class CardShape(serializers.Serializer):
    """A card as the caller may see it."""

    id = serializers.UUIDField()
    title = serializers.CharField(help_text="Как карточку называют списки.")
    updated_at = serializers.DateTimeField()
    confirmed_on = serializers.DateField(allow_null=True, help_text="Когда подтвердили, что карточка верна.")
    values = serializers.DictField(help_text="Значения по коду поля.")
    absences = serializers.DictField(help_text="Почему поле пусто: absent, not_given.")
    closed = serializers.ListField(child=serializers.CharField(), help_text="Поля, закрытые для вас.")


class CardWhole(CardShape):
    rows = serializers.DictField(help_text="Повторяющиеся записи по разделам.")
    missing = serializers.ListField(child=serializers.CharField(), help_text="Чего в карточке не хватает.")


class CardChange(serializers.Serializer):
    """What to change: only the named fields, all of them or none."""

    values = serializers.DictField(required=False, default=dict, help_text="Новые значения; null очищает поле.")
    absences = serializers.DictField(
        child=serializers.ChoiceField(choices=["", *(one.value for one in Absence)]), required=False, default=dict
    )
    basis = serializers.CharField(
        required=False, default="", allow_blank=True, max_length=300, help_text="Документ, на котором основана правка."
    )


class CardNew(CardChange):
    """A new card; the written consent of the person comes with it. Source: KK П 5.4."""

    consent_on = serializers.DateField(help_text="Дата письменного согласия на обработку персональных данных.")


class CardFilter(django_filters.FilterSet):
    """What a list of cards is narrowed by."""

    search = django_filters.CharFilter(label="Слова из имени", method="named_like")
    updated_since = django_filters.IsoDateTimeFilter(
        label="Изменены не раньше", field_name="updated_at", lookup_expr="gte"
    )
    missing = django_filters.CharFilter(label="Код поля, которого не хватает", method="lacking")

    def named_like(self, cards: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return cards.named_like(value) if hasattr(cards, "named_like") else cards

    def lacking(self, cards: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        kind: CardKind = self.request.parser_context["view"].kind  # type: ignore[union-attr]
        one = next((one for one in wanted(kind) if one.code == value), None)
        if one is None:
            raise exceptions.ValidationError({"missing": ["Такого поля нет среди обязательных этой карточки."]})
        return cards.exclude(has(kind, one))


class CardView(GenericAPIView):
    """One kind of cards; the address says which."""

    kind: ClassVar[CardKind] = None  # type: ignore[assignment]  # given with the address

    def cards(self, capability: str) -> QuerySet[Any]:
        return self.kind.reached(actor_of(self.request), capability)


class CardList(CardView, ListAPIView):
    """Карточки, которые вам открыты. Документы, адреса и телефоны здесь закрыты: они есть в самой карточке."""

    serializer_class = CardShape
    filter_backends = (DjangoFilterBackend,)
    filterset_class = CardFilter

    @property
    def ordering(self) -> tuple[str, ...]:
        return ("sort_name", "id") if hasattr(self.kind.model, "sort_name") else ("id",)

    def get_queryset(self) -> QuerySet[Any]:
        if getattr(self, "swagger_fake_view", False):  # the description of the API is made without a caller
            return self.kind.model._default_manager.none()
        return loaded(self.kind, self.cards(self.kind.reads))

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        what = subject_kind(self.kind)
        note_action(request._request, "list_viewed", subject_kind=what, rows=len(page), path=request.path)
        return self.get_paginated_response([self._row(card) for card in page])

    def _row(self, card: CardModel) -> dict[str, Any]:
        fields = common_fields(self.kind)
        return _shape(self.kind, card, {code: one for code, one in fields.items() if not one.is_masked})


class CardRegister(CardList):
    """Карточки, которые вам открыты, и новая карточка."""

    @extend_schema(request=CardNew, responses={201: CardWhole})
    def post(self, request: Request) -> Response:
        """Make a card, unless the same person has one already."""
        right = actor_of(request).right(self.kind.edits)
        if self.kind.create is None or right is None or not right.is_everywhere:
            raise exceptions.PermissionDenied
        asked = CardNew(data=request.data)
        asked.is_valid(raise_exception=True)
        change: dict[str, Any] = asked.validated_data
        fields = [one for one in common_fields(self.kind).values() if not one.is_derived]
        _refuse_unknown(set(change["values"]) - {one.code for one in fields})
        data = {code: _typed(value) for code, value in change["values"].items()}
        form = SectionForm(data, card=self.kind.code, fields=fields, values={})
        _refuse_invalid(form)
        give_reason(change["basis"])
        filled = {code: value for code, value in form.typed_values.items() if is_filled(value)}
        made = self.kind.create(filled | {"consent_on": change["consent_on"]}, by=actor_of(request).signature)
        card = loaded(self.kind, self.kind.model._default_manager.filter(pk=made.pk)).get()
        return _answer(request, self.kind, card, status=201)


class CardDetail(CardView):
    """Одна карточка."""

    serializer_class = CardWhole

    @extend_schema(responses={200: CardWhole})
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        """A card with masked values in it is a look behind the masks."""
        card = get_object_or_404(loaded(self.kind, self.cards(self.kind.reads)), pk=pk)
        return _answer(request, self.kind, card)

    @extend_schema(request=CardChange, parameters=[_IF_MATCH], responses={200: CardWhole})
    def patch(self, request: Request, pk: uuid.UUID) -> Response:
        """The fields that the caller may write; an unknown or closed one refuses the whole change."""
        card = get_object_or_404(loaded(self.kind, self.cards(self.kind.reads)), pk=pk)
        self._refuse_stale(request, card)
        asked = CardChange(data=request.data)
        asked.is_valid(raise_exception=True)
        change: dict[str, Any] = asked.validated_data
        look = CardLook.of(self.kind, card, actor_of(request))
        if not look.may_edit:
            raise exceptions.PermissionDenied
        fields = self._writable(look, {**change["values"], **change["absences"]})
        form = _form(look, fields, change)
        _refuse_invalid(form)
        entry = _entry(card, fields, form, change)
        save_section(kind=self.kind, card_id=card.pk, fields=fields, entry=entry, by=actor_of(request).signature)
        fresh = loaded(self.kind, self.kind.model._default_manager.filter(pk=card.pk)).get()
        return _answer(request, self.kind, fresh)

    def _refuse_stale(self, request: Request, card: CardModel) -> None:
        given = request.headers.get("If-Match")
        if given is None:
            raise EtagWanted
        if given != etag(self.kind, card):
            raise Stale

    def _writable(self, look: CardLook, asked: Mapping[str, Any]) -> list[Field]:
        sections = [section for section in self.kind.sections() if not section.rows]
        known = {one.code: one for section in sections for one in look.editable(section)}
        _refuse_unknown(set(asked) - set(known))
        return [known[code] for code in known if code in asked]


def _answer(request: Request, kind: CardKind, card: CardModel, *, status: int = 200) -> Response:
    """The whole card as the caller may see it; masked values in it are a look behind the masks."""
    look = CardLook.of(kind, card, actor_of(request))
    opened = {
        code: one
        for code, one in common_fields(kind).items()
        if (look.may_identify or not one.is_masked)
        and (not look.is_sealed or code in SEALED_OPEN)
        and code not in kind.hides(card)
    }
    if any(one.is_masked for one in opened.values()):
        note_disclosure(request._request, look, "card")
    body = _shape(kind, card, opened)
    sections = [] if look.is_sealed else look.sections()
    body["rows"] = {one.section.code: _rows(look, one.section) for one in sections if one.section.rows}
    body["missing"] = [lack.code for one in sections for lack in one.missing]
    return Response(body, status=status, headers={"ETag": etag(kind, card)})


def _refuse_unknown(codes: set[str]) -> None:
    if codes:
        sentence = "Такого поля в карточке нет, или оно закрыто для вас."
        raise exceptions.ValidationError({code: [sentence] for code in sorted(codes)})


def _refuse_invalid(form: SectionForm) -> None:
    if not form.is_valid():
        errors = {name.removeprefix(ABSENCE_PREFIX): list(map(str, said)) for name, said in form.errors.items()}
        raise exceptions.ValidationError(errors)


def etag(kind: CardKind, card: CardModel) -> str:
    """Changes with any typed value of the common sections; says nothing of them."""
    values = {code: plain(value) for code, value in values_of(card, common_fields(kind)).items()}
    text = json.dumps([values, card.absences], ensure_ascii=False, sort_keys=True, default=str)
    return f'"{keyed_digest(hashlib.sha256(text.encode()).hexdigest())[:32]}"'


def _shape(kind: CardKind, card: CardModel, opened: Mapping[str, Field]) -> dict[str, Any]:
    known = common_fields(kind)
    return {
        "id": card.pk,
        "title": str(card),
        "updated_at": card.updated_at,
        "confirmed_on": card.confirmed_on,
        "values": {code: plain(value_of(card, one)) for code, one in opened.items()},
        "absences": {code: why for code, why in card.absences.items() if code in opened or code not in known},
        "closed": [code for code in known if code not in opened],
    }


def _rows(look: CardLook, section: Section) -> list[dict[str, Any]]:
    shown = [one for one in section.fields if look.may_identify or not one.is_masked]
    return [
        {"id": row.pk, **{one.code: plain(value_of(row, one)) for one in shown}} for row in rows_of(look.card, section)
    ]


def _form(look: CardLook, fields: list[Field], change: Mapping[str, Any]) -> SectionForm:
    """The form of the page over the values of the request, so that both are checked by one rule."""
    typed = {code: _typed(value) for code, value in change["values"].items()}
    now = values_of(look.card, common_fields(look.kind))
    form = SectionForm(
        card=look.kind.code,
        fields=fields,
        values=now,
        absences=look.card.absences,
        people=tuple(look.people.items()),
    )
    data = {**form.initial, **typed, **{f"{ABSENCE_PREFIX}{code}": why for code, why in change["absences"].items()}}
    return SectionForm(
        data,
        card=look.kind.code,
        fields=fields,
        values=now,
        absences=look.card.absences,
        people=tuple(look.people.items()),
    )


def _typed(value: Any) -> Any:
    """A value of JSON as a person would type it."""
    match value:
        case None:
            return ""
        case bool():
            return "да" if value else "нет"
        case list():
            return [str(_typed(one)) for one in value]
        case _:
            return str(value)


def _entry(card: CardModel, fields: list[Field], form: SectionForm, change: Mapping[str, Any]) -> Entry:
    base: Base = base_of(card, fields)
    return Entry(
        values=form.typed_values,
        absences={code: why for code, why in form.absences.items() if code in change["absences"]},
        base=base,
        basis=change["basis"],
    )
