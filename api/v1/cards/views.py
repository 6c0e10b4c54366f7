"""Lists of cards, and one card read and changed."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions
from rest_framework.generics import GenericAPIView, ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from api.v1.authentication import actor_of
from api.v1.cards.answers import Stale, card_answer, card_shape, fresh, refuse_stale
from api.v1.cards.filters import CardFilter
from api.v1.cards.reading import refuse_invalid, refuse_unknown, typed_values
from api.v1.cards.shapes import IF_MATCH, KNOWN, REFUSED, STALE, UNMATCHED, CardChange, CardShape, CardWhole
from shared.access.requests import note_action
from shared.cards.forms import ABSENCE_PREFIX, SectionForm
from shared.cards.kinds import CardKind
from shared.cards.layout import Field
from shared.cards.models import CardModel
from shared.cards.values import values_of
from tenants.cards.errors import SectionConflict
from tenants.cards.sections import CardLook, common_fields, loaded
from tenants.cards.sections_saving import Entry, base_of, save_section
from tenants.cards.views.common import subject_kind


class CardView(GenericAPIView):
    """One kind of cards; the address says which."""

    kind: ClassVar[CardKind] = None  # type: ignore[assignment]  # given with the address

    def cards(self, capability: str) -> QuerySet[Any]:
        return self.kind.reached(actor_of(self.request), capability)

    def card_or_404(self, pk: uuid.UUID) -> CardModel:
        """The card, if it exists for the caller."""
        card: CardModel = get_object_or_404(loaded(self.kind, self.cards(self.kind.reads)), pk=pk)
        return card


class CardList(CardView, ListAPIView):
    """Карточки, которые вам открыты. Документы, адреса и телефоны здесь закрыты: они есть в самой карточке."""

    serializer_class = CardShape
    filter_backends = (DjangoFilterBackend,)
    filterset_class: type[CardFilter] = CardFilter

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
        return card_shape(self.kind, card, {code: one for code, one in fields.items() if not one.is_masked})


class CardDetail(CardView):
    """Одна карточка."""

    serializer_class = CardWhole

    @extend_schema(responses={200: CardWhole})
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        """A card with masked values in it is a look behind the masks."""
        return card_answer(request, self.kind, self.card_or_404(pk))

    @extend_schema(
        request=CardChange,
        parameters=[IF_MATCH],
        responses={200: CardWhole} | KNOWN | STALE | REFUSED | UNMATCHED,
    )
    def patch(self, request: Request, pk: uuid.UUID) -> Response:
        """The fields that the caller may write; an unknown or closed one refuses the whole change."""
        card = self.card_or_404(pk)
        refuse_stale(request, self.kind, card)
        asked = CardChange(data=request.data)
        asked.is_valid(raise_exception=True)
        change: dict[str, Any] = asked.validated_data
        look = CardLook.of(self.kind, card, actor_of(request))
        if not look.may_edit:
            raise exceptions.PermissionDenied
        fields = self._writable(look, {**change["values"], **change["absences"]})
        form = _form(look, fields, change)
        refuse_invalid(form)
        entry = _entry(card, fields, form, change)
        try:
            save_section(kind=self.kind, card_id=card.pk, fields=fields, entry=entry, by=look.actor.signature)
        except SectionConflict as conflict:  # somebody was quicker than this very request
            raise Stale from conflict
        return card_answer(request, self.kind, fresh(self.kind, card.pk))

    def _writable(self, look: CardLook, asked: Mapping[str, Any]) -> list[Field]:
        sections = [section for section in self.kind.sections() if not section.rows]
        known = {one.code: one for section in sections for one in look.editable(section)}
        refuse_unknown(asked.keys(), known.keys())
        return [known[code] for code in known if code in asked]


def _form(look: CardLook, fields: list[Field], change: Mapping[str, Any]) -> SectionForm:
    """The form of the page over the values of the request, so that both are checked by one rule."""

    def form(data: Mapping[str, Any] | None) -> SectionForm:
        return SectionForm(
            data,
            card=look.kind.code,
            fields=fields,
            values=values_of(look.card, common_fields(look.kind)),
            absences=look.card.absences,
            people=tuple(look.people.items()),
        )

    explained = {f"{ABSENCE_PREFIX}{code}": why for code, why in change["absences"].items()}
    return form({**form(None).initial, **typed_values(change["values"]), **explained})


def _entry(card: CardModel, fields: list[Field], form: SectionForm, change: Mapping[str, Any]) -> Entry:
    return Entry(
        values=form.typed_values,
        absences={code: why for code, why in form.absences.items() if code in change["absences"]},
        base=base_of(card, fields),
        basis=change["basis"],
    )
