"""Rows of a section of a card: diplomas, courses, awards… by the writers of the pages; what stood there stays."""

from __future__ import annotations

import uuid
from typing import Any

from django.db.models import Model
from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.v1.authentication import actor_of
from api.v1.cards.answers import Stale, etag, fresh, refuse_stale, row_answer, rows_answer
from api.v1.cards.reading import refuse_invalid, refuse_unknown, typed_values
from api.v1.cards.shapes import (
    IDEMPOTENCY_KEY,
    IF_MATCH,
    IF_MATCH_ASKED,
    REFUSED,
    SECTION,
    STALE,
    UNMATCHED,
    RowChange,
    RowNew,
    RowSchema,
    RowShape,
    RowsShape,
    RowWithdrawal,
)
from api.v1.cards.views import CardView
from api.v1.repeats import made_once
from shared.cards.forms import SectionForm
from shared.cards.layout import Section
from tenants.cards.errors import RowChanged
from tenants.cards.sections import CardLook, section_of
from tenants.cards.sections_form import row_form
from tenants.cards.sections_rows import handler_of, row_base, save_row, withdraw_row


class _RowsView(CardView):
    """What every address of rows asks first."""

    serializer_class: type[serializers.Serializer[Any]] = RowShape
    schema = RowSchema()

    def read(self, pk: uuid.UUID, section: str) -> tuple[CardLook, Section]:
        """The card in the eyes of the caller and the section; of a sealed card no row is known."""
        look = CardLook.of(self.kind, self.card_or_404(pk), actor_of(self.request))
        known = section_of(self.kind, section)
        if known is None or not known.rows or look.is_sealed:
            raise Http404
        return look, known

    def written(self, pk: uuid.UUID, section: str) -> tuple[CardLook, Section]:
        """The same, for a caller who may write rows there."""
        look, known = self.read(pk, section)
        if not look.editable(known):
            raise exceptions.PermissionDenied
        return look, known

    def checked(self, look: CardLook, section: Section, row: Model | None, change: dict[str, Any]) -> SectionForm:
        """The form of the page over the values of the request."""
        refuse_unknown(change["values"].keys(), {one.code for one in look.editable(section)})
        now = row_form(look, section, row).initial if row is not None else {}
        form = row_form(look, section, row, {**now, **typed_values(change["values"])})  # type: ignore[arg-type]  # forms read any mapping
        refuse_invalid(form)
        return form


class RowList(_RowsView):
    """Записи одного раздела карточки и новая запись."""

    @extend_schema(parameters=[SECTION], responses={200: RowsShape})
    def get(self, request: Request, pk: uuid.UUID, section: str) -> Response:
        """Rows in the order of the card."""
        return rows_answer(request, *self.read(pk, section))

    @extend_schema(
        request=RowNew,
        parameters=[SECTION, IF_MATCH_ASKED, IDEMPOTENCY_KEY],
        responses={201: RowShape} | STALE | REFUSED,
    )
    def post(self, request: Request, pk: uuid.UUID, section: str) -> Response:
        """Add a row."""
        look, known = self.written(pk, section)
        asked = RowNew(data=request.data)
        asked.is_valid(raise_exception=True)

        def answer(made: uuid.UUID) -> Response:
            return _again(request, look, known, made, status=201)

        return made_once(
            request, lambda: self._make(request, look, known, asked.validated_data), answer=answer, again=answer
        )

    def _make(self, request: Request, look: CardLook, section: Section, change: dict[str, Any]) -> uuid.UUID:
        # Not asked of a repeat: the first request has changed the card itself.
        refuse_stale(request, self.kind, look.card, is_wanted=False)
        form = self.checked(look, section, None, change)
        return save_row(
            kind=self.kind,
            card_id=look.card.pk,
            section=section,
            row_id=None,
            fields=look.editable(section),
            values=form.typed_values,
            base={},
            by=look.actor.signature,
            basis=change["basis"],
        )


class RowDetail(_RowsView):
    """Одна запись раздела."""

    @extend_schema(parameters=[SECTION], responses={200: RowShape})
    def get(self, request: Request, pk: uuid.UUID, section: str, row: uuid.UUID) -> Response:
        """A row, with the state of its card in ``ETag``."""
        look, known = self.read(pk, section)
        return row_answer(request, look, known, _row_of(look, known, row))

    @extend_schema(
        request=RowChange,
        parameters=[SECTION, IF_MATCH],
        responses={200: RowShape} | STALE | REFUSED | UNMATCHED,
    )
    def patch(self, request: Request, pk: uuid.UUID, section: str, row: uuid.UUID) -> Response:
        """Correct a row; what stood there stays in the history of the card."""
        look, known = self.written(pk, section)
        held = _row_of(look, known, row)
        refuse_stale(request, self.kind, look.card)
        asked = RowChange(data=request.data)
        asked.is_valid(raise_exception=True)
        change: dict[str, Any] = asked.validated_data
        form, fields = self.checked(look, known, held, change), look.editable(known)
        try:
            save_row(
                kind=self.kind,
                card_id=look.card.pk,
                section=known,
                row_id=row,
                fields=fields,
                values=form.typed_values,
                base=row_base(held, fields),
                by=look.actor.signature,
                basis=change["basis"],
            )
        except RowChanged as changed:  # somebody was quicker than this very request
            raise Stale from changed
        return _again(request, look, known, row)

    @extend_schema(parameters=[SECTION, IF_MATCH_ASKED], responses={204: None} | STALE | REFUSED)
    def delete(self, request: Request, pk: uuid.UUID, section: str, row: uuid.UUID) -> Response:
        """Take away a row written by mistake; it stays in the history of the card."""
        look, known = self.written(pk, section)
        _row_of(look, known, row)
        if handler_of(self.kind, known).withdraw is None:
            raise exceptions.MethodNotAllowed("DELETE")
        refuse_stale(request, self.kind, look.card, is_wanted=False)
        asked = RowWithdrawal(data=request.data)
        asked.is_valid(raise_exception=True)
        withdraw_row(
            kind=self.kind,
            card_id=look.card.pk,
            section=known,
            row_id=row,
            reason=asked.validated_data["reason"],
            by=look.actor.signature,
        )
        return Response(status=204, headers={"ETag": etag(self.kind, fresh(self.kind, look.card.pk))})


def _row_of(look: CardLook, section: Section, row_id: uuid.UUID) -> Model:
    found: Model = get_object_or_404(getattr(look.card, section.rows), pk=row_id)
    return found


def _again(request: Request, look: CardLook, section: Section, row_id: uuid.UUID, *, status: int = 200) -> Response:
    """The row as it stands after the change."""
    after = CardLook.of(look.kind, fresh(look.kind, look.card.pk), look.actor)
    return row_answer(request, after, section, _row_of(after, section, row_id), status=status)
