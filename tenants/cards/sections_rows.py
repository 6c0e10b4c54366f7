"""Rows of a section: diplomas, courses, certifications… added, corrected, ended; old ones stay.

A room may bring writers of its own (``CardKind.rows``); where it does not, a row is saved by its model: kinds read the
values, the model's constraints refuse. Source: ORGANIZATION 2 (repeated groups with dates, old values kept).
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Collection, Mapping
from typing import Any, Final

from django.core.exceptions import NON_FIELD_ERRORS, FieldDoesNotExist, ValidationError
from django.db import models, transaction

from shared.cards.kinds import CardKind, RowsHandler
from shared.cards.layout import Field, Section
from shared.cards.models import CardModel
from shared.cards.values import plain, value_of
from shared.tenancy.scopes import give_reason
from tenants.cards.errors import RowChanged, RowRefused
from tenants.cards.models import SectionDraft
from tenants.cards.sections_saving import forget_absence, locked

Values = Mapping[str, Any]  # code of a field of the section → its value
# The column that says from which day a row holds no longer, whichever a table has.
ENDS: Final = ("ended_on", "held_to", "closed_on")


@transaction.atomic
def save_row(
    *,
    kind: CardKind,
    card_id: uuid.UUID,
    section: Section,
    row_id: uuid.UUID | None,
    fields: Collection[Field],
    values: Values,
    base: Values,
    by: str,
    basis: str = "",
) -> uuid.UUID:
    """Add a row, or write what its author changed in one; answers its key.

    Raises: RowChanged, RowRefused, refusals of the room.
    """
    card = locked(kind, card_id)
    if basis:
        give_reason(basis)
    handler = handler_of(kind, section)
    if row_id is None:
        added: models.Model = handler.add(card, values, by=by)
        forget_absence(card, section.code)
        _touch(card)
        return added.pk  # type: ignore[no-any-return]
    row = getattr(card, section.rows).get(pk=row_id)
    changes = {code: value for code, value in values.items() if plain(value) != base.get(code)}
    known = {one.code: one for one in fields}
    if any(plain(value_of(row, known[code])) not in (base.get(code), plain(changes[code])) for code in changes):
        raise RowChanged
    if changes:
        handler.change(row, changes, by=by)
        _touch(card)
    return row_id


@transaction.atomic
def end_row(
    *, kind: CardKind, card_id: uuid.UUID, section: Section, row_id: uuid.UUID, day: datetime.date, by: str
) -> None:
    """The row holds no longer from this day; it stays on the card."""
    card = locked(kind, card_id)
    row = getattr(card, section.rows).get(pk=row_id)
    end = handler_of(kind, section).end
    assert end is not None
    end(row, day, by=by)
    _touch(card)


@transaction.atomic
def withdraw_row(
    *, kind: CardKind, card_id: uuid.UUID, section: Section, row_id: uuid.UUID, reason: str, by: str
) -> None:
    """The row was written by mistake: it is no longer shown, and kept."""
    card = locked(kind, card_id)
    row = getattr(card, section.rows).get(pk=row_id)
    withdraw = handler_of(kind, section).withdraw
    assert withdraw is not None
    withdraw(row, reason, by=by)
    _touch(card)
    SectionDraft.objects.filter(kind=kind.code, card_id=card_id, row_id=row_id).delete()


def handler_of(kind: CardKind, section: Section) -> RowsHandler:
    """The room's own writers of a section, or those that know its model alone."""
    return kind.rows.get(section.code) or _of_model(kind, section)


def row_base(row: models.Model, fields: Collection[Field]) -> dict[str, Any]:
    return {one.code: plain(value_of(row, one)) for one in fields}


def _touch(card: CardModel) -> None:
    """Work on its rows is work on the card: it is not stale today. Source: R-037."""
    card.save(update_fields=["updated_at"])


def _of_model(kind: CardKind, section: Section) -> RowsHandler:
    relation = kind.model._meta.get_field(section.rows)
    model: type[models.Model] = relation.related_model  # type: ignore[assignment]  # a relation to a model
    owner: str = relation.field.name  # type: ignore[union-attr]  # a reverse relation
    names = {one.name for one in model._meta.concrete_fields}
    ending = next((name for name in ENDS if name in names and model._meta.get_field(name).null), None)  # type: ignore[union-attr]

    def add(card: CardModel, values: Values, *, by: str) -> models.Model:
        row = model(**{owner: card})
        if "recorded_by" in names:
            row.recorded_by = by  # type: ignore[attr-defined]
        _save(row, values)
        return row

    def change(row: models.Model, values: Values, *, by: str) -> None:
        _save(row, values)

    def end(row: models.Model, day: datetime.date, *, by: str) -> None:
        assert ending is not None
        _save(row, {ending: day})

    def withdraw(row: models.Model, reason: str, *, by: str) -> None:
        give_reason(f"Записано по ошибке: {reason}")
        _save(row, {"is_annulled": True})

    return RowsHandler(
        add=add,
        change=change,
        end=end if ending else None,
        withdraw=withdraw if "is_annulled" in names else None,
    )


def _save(row: models.Model, values: Values) -> None:
    for code, value in values.items():
        setattr(row, code, value)
    try:
        row.full_clean()
    except ValidationError as refused:
        raise _refused(row, refused) from refused
    row.save()


def _refused(row: models.Model, refused: ValidationError) -> RowRefused:
    name, texts = next(iter(refused.message_dict.items()))
    if name == NON_FIELD_ERRORS:
        return RowRefused(sentence=" ".join(texts), blamed="")
    try:
        label = str(row._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    except FieldDoesNotExist:
        label = name
    return RowRefused(sentence=f"«{label.capitalize()}»: {' '.join(texts)}", blamed=name)
