"""How a card and its rows are answered: what is open to the caller, what state of the card he has read."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Mapping
from typing import Any

from django.db.models import Model
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response

from api.v1.authentication import actor_of
from shared.access.support.showing import shows_people
from shared.accounts.sealing import keyed_digest
from shared.cards.kinds import CardKind
from shared.cards.layout import Field, Section
from shared.cards.models import CardModel
from shared.cards.values import plain, value_of, values_of
from tenants.cards.sections import SEALED_OPEN, CardLook, common_fields, loaded, rows_of
from tenants.cards.views.common import note_disclosure, subject_kind


class Stale(exceptions.APIException):
    """Somebody has changed the card since the caller read it."""

    status_code = 412


class EtagWanted(exceptions.APIException):
    """A change that does not say which state of the card it is made on."""

    status_code = 428


def refuse_stale(request: Request, kind: CardKind, card: CardModel, *, is_wanted: bool = True) -> None:
    """Raises: EtagWanted (where the header ``is_wanted``), Stale."""
    given = request.headers.get("If-Match")
    if given is None and is_wanted:
        raise EtagWanted
    if given is not None and given != etag(kind, card):
        raise Stale


def etag(kind: CardKind, card: CardModel) -> str:
    """Changes with any typed value of the common sections and their rows; says nothing of them."""
    values = {code: plain(value) for code, value in values_of(card, common_fields(kind)).items()}
    rows = [
        [str(row.pk), *(plain(value_of(row, one)) for one in section.fields)]
        for section in kind.sections()
        if section.rows
        for row in rows_of(card, section)
    ]
    text = json.dumps([values, card.absences, rows], ensure_ascii=False, sort_keys=True, default=str)
    return f'"{keyed_digest(hashlib.sha256(text.encode()).hexdigest())[:32]}"'


def fresh(kind: CardKind, key: uuid.UUID) -> CardModel:
    """The card as it stands after a change."""
    again: CardModel = loaded(kind, kind.model._default_manager.filter(pk=key)).get()
    return again


def card_answer(request: Request, kind: CardKind, card: CardModel, *, status: int = 200) -> Response:
    """The whole card as the caller may see it; masked values in it are a look behind the masks."""
    look = CardLook.of(kind, card, actor_of(request))
    opened = {
        code: one
        for code, one in common_fields(kind).items()
        if (look.may_identify or not one.is_masked)
        and (not look.is_sealed or code in SEALED_OPEN)
        and code not in kind.hides(card)
    }
    sections = [] if look.is_sealed else look.sections()
    shown = [*opened.values(), *(one for view in sections if view.rows for one in _open(look, view.section))]
    shows_people(request._request, 1, subject_kind=subject_kind(kind), subject_id=card.pk)
    if any(one.is_masked for one in shown):
        note_disclosure(request._request, look, "card")
    body = card_shape(kind, card, opened)
    body["rows"] = {
        view.section.code: [{"id": row.pk, **_values(look, view.section, row)} for row in rows_of(card, view.section)]
        for view in sections
        if view.section.rows
    }
    body["missing"] = [lack.code for view in sections for lack in view.missing]
    return Response(body, status=status, headers={"ETag": etag(kind, card)})


def row_answer(request: Request, look: CardLook, section: Section, row: Model, *, status: int = 200) -> Response:
    """One row, with the state of its card."""
    _note_rows(request, look, section)
    body = row_shape(look, section, row)
    return Response(body, status=status, headers={"ETag": etag(look.kind, look.card)})


def rows_answer(request: Request, look: CardLook, section: Section) -> Response:
    """All rows of a section, with the state of their card."""
    rows = rows_of(look.card, section)
    if rows:
        _note_rows(request, look, section)
    body = {"next": None, "results": [row_shape(look, section, row) for row in rows]}
    return Response(body, headers={"ETag": etag(look.kind, look.card)})


def card_shape(kind: CardKind, card: CardModel, opened: Mapping[str, Field]) -> dict[str, Any]:
    """What every answer about a card holds."""
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


def row_shape(look: CardLook, section: Section, row: Model) -> dict[str, Any]:
    opened = _open(look, section)
    return {
        "id": row.pk,
        "section": section.code,
        "values": _values(look, section, row),
        "closed": [one.code for one in section.fields if one not in opened],
    }


def _values(look: CardLook, section: Section, row: Model) -> dict[str, Any]:
    return {one.code: plain(value_of(row, one)) for one in _open(look, section)}


def _open(look: CardLook, section: Section) -> list[Field]:
    return [one for one in section.fields if look.may_identify or not one.is_masked]


def _note_rows(request: Request, look: CardLook, section: Section) -> None:
    shows_people(request._request, 1, subject_kind=subject_kind(look.kind), subject_id=look.card.pk)
    if any(one.is_masked for one in _open(look, section)):
        note_disclosure(request._request, look, section.code)
