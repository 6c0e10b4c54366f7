"""How full cards are: one expression for lists and counts, the same rule in Python for one card. Source: R-203, STA."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Any, Final

from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    Case,
    Exists,
    Expression,
    Func,
    IntegerField,
    Model,
    OuterRef,
    Q,
    TextField,
    Value,
    When,
)

from shared.cards.kinds import CardKind
from shared.cards.layout import Field, Need, Section
from shared.cards.values import is_filled, value_of

_TEXTS: Final = ("CharField", "TextField", "EmailField", "URLField")
FLAGS: Final = frozenset({"yes"})  # a plain yes or no is always known


@dataclass(frozen=True, slots=True)
class Wanted:
    """Something that a card should hold: a field, or a section of rows."""

    code: str
    label: str
    section: str
    keeper: str
    need: Need
    field: Field | None = None
    rows: Section | None = None

    @property
    def is_special(self) -> bool:
        """Whether even its absence says something that is for few eyes."""
        subject = self.field or self.rows
        return subject is not None and subject.is_special


def wanted(kind: CardKind) -> Iterator[Wanted]:
    """Everything of the card that counts, in the order of the card: hard and soft fields and soft sections of rows."""
    for section in kind.layout.sections:
        if section.rows:
            if section.need != Need.FREE:
                yield Wanted(section.code, section.title, section.code, section.keeper, section.need, rows=section)
            continue
        for field in section.fields:
            if field.need != Need.FREE and field.kind not in FLAGS:
                yield Wanted(field.code, field.label, section.code, field.keeper, field.need, field=field)


def missing(kind: CardKind, card: Model) -> list[Wanted]:
    """What the card still lacks and nobody has explained; reads its rows, so not for lists."""
    absences = card.absences  # type: ignore[attr-defined]  # a CardModel
    return [one for one in wanted(kind) if one.code not in absences and not _has(card, one)]


def _has(card: Model, one: Wanted) -> bool:
    if one.rows is not None:
        return bool(getattr(card, one.rows.rows).exists())
    assert one.field is not None
    return is_filled(value_of(card, one.field))


def due(kind: CardKind) -> int:
    """How many things a card should hold."""
    return sum(1 for _ in wanted(kind))


def filled(kind: CardKind, *, among: Iterable[Wanted] | None = None) -> Expression:
    """How many of them a card holds or explains, for ``annotate`` and ``aggregate``."""
    return _count(has(kind, one) for one in (wanted(kind) if among is None else among))


def empty(kind: CardKind) -> Expression:
    """Codes of what does not stand on a card, explained or not, in the order of the card: an array for lists.

    Together with the card's ``absences`` it says what lacks and what is explained.
    """
    parts = [
        Case(
            When(holds(kind, one), then=Value(None)),
            default=Value(one.code, output_field=TextField()),
            output_field=TextField(),
        )
        for one in wanted(kind)
    ]
    codes: ArrayField[Any, Any] = ArrayField(TextField())  # Any: codes, or nothing where a card holds the thing
    return Func(
        Func(*parts, function="array", template="%(function)s[%(expressions)s]", output_field=codes),
        Value(None),
        function="array_remove",
        output_field=codes,
    )


def has(kind: CardKind, one: Wanted) -> Q:
    """The condition that a card holds or explains one thing."""
    return Q(absences__has_key=one.code) | holds(kind, one)


def holds(kind: CardKind, one: Wanted) -> Q:
    """The condition that one thing stands on a card."""
    if one.rows is not None:
        relation = kind.model._meta.get_field(one.rows.rows)
        rows = relation.related_model._default_manager.filter(**{relation.field.name: OuterRef("pk")})  # type: ignore[union-attr]
        return Q(Exists(rows))
    assert one.field is not None
    return _filled(kind, one.field)


def _count(conditions: Iterable[Q]) -> Expression:
    parts = [Case(When(one, then=Value(1)), default=Value(0), output_field=IntegerField()) for one in conditions]
    return reduce(add, parts, Value(0))  # type: ignore[return-value]  # a sum of expressions is one


def _filled(kind: CardKind, field: Field) -> Q:
    model: type[Model] = kind.model
    *steps, last = field.path.split("__")
    for step in steps:
        model = model._meta.get_field(step).related_model  # type: ignore[assignment]
    column = model._meta.get_field(last)
    present = Q(**{f"{field.path}__isnull": False})
    if column.get_internal_type() in _TEXTS:
        return present & ~Q(**{field.path: ""})
    if column.get_internal_type() == "ArrayField":
        return present & Q(**{f"{field.path}__len__gt": 0})
    return present
