"""Keeping the classifiers: the region its common values, an organization its own. Source: REGION 5, R-115, R-207.

Whoever changes common values takes the turn first (the lock of the edition), so two officers at once get one result.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from slugify import slugify

from shared.classifiers.books import Book, books
from shared.classifiers.catalog import Classifier, Item, shipped_catalog
from shared.classifiers.errors import (
    BookClosed,
    BookNotLocal,
    ChangedMeanwhile,
    EndTooEarly,
    JustAdded,
    LastValue,
    NameKnown,
    NameReplaced,
    NameTooEarly,
    SameName,
    SampleWanted,
    ValueEnded,
    ValueKnown,
)
from shared.classifiers.local import forget_own
from shared.classifiers.models import LONGEST_CODE, ClassifierValue, Edition
from shared.classifiers.refreshing import ask_again
from shared.kernel.rules import constraint_means

Origin = ClassifierValue.Origin
_PREFIXES = {Origin.REGIONAL: "r_", Origin.LOCAL: "l_"}  # so that no later shipped code can be the same
_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Keeper:
    """Who changes: an officer of the ministry, or of an organization for itself."""

    signature: str
    authority_id: int | None = None
    organization_id: uuid.UUID | None = None

    @property
    def origin(self) -> ClassifierValue.Origin:
        return Origin.LOCAL if self.organization_id else Origin.REGIONAL

    def may_add_to(self, book: Book) -> bool:
        return book.allows_local if self.organization_id else book.is_open


@dataclass(frozen=True, slots=True)
class NewValue:
    """A value to be added. ``like``: the code it is counted as; ``after``: the code it stands behind."""

    label: str
    valid_from: datetime.date
    valid_to: datetime.date | None = None
    like: str = ""
    after: str = ""
    other_names: Sequence[str] = ()
    act: str = ""


@transaction.atomic
def add_value(*, keeper: Keeper, book: Book, new: NewValue) -> ClassifierValue:
    """A new value of an open classifier, of the region or of one organization.

    Raises: BookClosed, BookNotLocal, SampleWanted, ValueKnown, NameKnown, JustAdded.
    """
    if not keeper.may_add_to(book):
        raise (BookNotLocal if keeper.organization_id else BookClosed)(title=book.title)
    _take_turn(keeper)
    known = _known(book, keeper)
    if book.alike and new.like not in known:
        raise SampleWanted(title=book.title)
    _refuse_known(book, known, new.label)
    _refuse_known_names(book, known, new.other_names)
    last = max(item.position for item in known) + 1
    value = ClassifierValue(
        classifier=book.name,
        code=_new_code(keeper, new.label, known),
        label=new.label,
        other_names=list(new.other_names),
        facts={name: known[new.like].facts[name] for name in book.alike if name in known[new.like].facts},
        position=known[new.after].position + 1 if new.after in known else last,
        valid_from=new.valid_from,
        valid_to=new.valid_to,
        origin=keeper.origin,
        organization_id=keeper.organization_id,
        authority_id=keeper.authority_id,
        act=new.act,
        updated_by=keeper.signature,
    )
    with (
        constraint_means("classifiervalue_one_a_day", JustAdded()),
        constraint_means("classifiervalue_one_own_a_day", JustAdded()),
    ):
        value.save(force_insert=True)
    _published(keeper)
    return value


@transaction.atomic
def rename_value(
    *, keeper: Keeper, value_id: uuid.UUID, version: int, label: str, valid_from: datetime.date, act: str = ""
) -> ClassifierValue:
    """Another name from a day; the earlier one stays for the days before it.

    A name of the keeper's own that begins on that very day is corrected in place.

    Raises: ChangedMeanwhile, NameReplaced, SameName, ValueKnown, NameTooEarly, ValueEnded.
    """
    value, book, known = _taken(keeper, value_id, version)
    if label == value.label:
        raise SameName(label=label)
    _refuse_known(book, known, label, code=value.code)
    if value.valid_to is not None and valid_from >= value.valid_to:
        raise ValueEnded(label=value.label, day=f"{value.valid_to:%d.%m.%Y}")
    if value.valid_from is not None and valid_from < value.valid_from:
        raise NameTooEarly(since=f"{value.valid_from:%d.%m.%Y}")
    if valid_from == value.valid_from:
        return _changed(keeper, value, label=label, act=act or value.act)
    renamed = ClassifierValue(
        classifier=value.classifier,
        code=value.code,
        label=label,
        other_names=value.other_names,
        facts=value.facts,
        position=value.position,
        valid_from=valid_from,
        valid_to=value.valid_to,
        origin=keeper.origin,
        organization_id=keeper.organization_id,
        authority_id=keeper.authority_id,
        act=act,
        updated_by=keeper.signature,
    )
    _changed(keeper, value, valid_to=valid_from)
    renamed.save(force_insert=True)
    return renamed


@transaction.atomic
def set_term(
    *, keeper: Keeper, value_id: uuid.UUID, version: int, valid_to: datetime.date | None, act: str = ""
) -> ClassifierValue:
    """End a value: ``valid_to`` is the first day on which it no longer counts; None returns it to use.

    Raises: ChangedMeanwhile, NameReplaced, EndTooEarly, LastValue.
    """
    value, book, known = _taken(keeper, value_id, version)
    if valid_to is not None:
        if value.valid_from is not None and valid_to < value.valid_from:
            earliest = value.valid_from - _DAY
            raise EndTooEarly(since=f"{value.valid_from:%d.%m.%Y}", earliest=f"{earliest:%d.%m.%Y}")
        day = max(valid_to, timezone.localdate())
        if all(item.code == value.code for item in known.valid(day)):
            raise LastValue(title=book.title, day=f"{valid_to:%d.%m.%Y}")
    return _changed(keeper, value, valid_to=valid_to, act=act or value.act)


@transaction.atomic
def set_other_names(
    *, keeper: Keeper, value_id: uuid.UUID, version: int, other_names: Sequence[str]
) -> ClassifierValue:
    """Other writings by which files mean this value.

    Raises: ChangedMeanwhile, NameReplaced, NameKnown.
    """
    value, book, known = _taken(keeper, value_id, version)
    _refuse_known_names(book, known, other_names, code=value.code)
    return _changed(keeper, value, other_names=list(other_names))


def _take_turn(keeper: Keeper) -> None:
    if keeper.authority_id is not None:
        Edition.objects.select_for_update().get(pk=1)


def _published(keeper: Keeper) -> None:
    """Other processes see a new edition; values of an organization are kept by its own transaction alone."""
    if keeper.authority_id is None:
        forget_own()
        return
    Edition.objects.filter(pk=1).update(number=F("number") + 1)
    transaction.on_commit(ask_again)


def _taken(keeper: Keeper, value_id: uuid.UUID, version: int) -> tuple[ClassifierValue, Book, Classifier]:
    """The row to be changed, locked, still as the person saw it and the latest name of its value."""
    _take_turn(keeper)
    value = ClassifierValue.objects.select_for_update().get(pk=value_id, organization=keeper.organization_id)
    if value.version != version:
        when = f"{timezone.localtime(value.updated_at):%d.%m.%Y %H:%M}"
        raise ChangedMeanwhile(label=value.label, who=value.updated_by or "обновление системы", when=when)
    same = ClassifierValue.objects.filter(
        classifier=value.classifier, code=value.code, organization=keeper.organization_id
    )
    later = same.filter(valid_from__gt=value.valid_from or datetime.date.min).exclude(valid_to=F("valid_from"))
    newest = later.order_by("-valid_from").first()
    if newest is not None:
        raise NameReplaced(label=value.label, later=newest.label, since=f"{newest.valid_from:%d.%m.%Y}")
    book = books()[value.classifier]
    return value, book, _known(book, keeper)


def _known(book: Book, keeper: Keeper) -> Classifier:
    """The classifier as it stands in the database now; this process may show an earlier edition."""
    rows = ClassifierValue.objects.filter(
        Q(organization=None) | Q(organization=keeper.organization_id), classifier=book.name
    )
    return shipped_catalog().overlaid(rows)[book.name]


def _changed(keeper: Keeper, value: ClassifierValue, **facts: object) -> ClassifierValue:
    for name, fact in facts.items():
        setattr(value, name, fact)
    value.version += 1
    value.updated_by = keeper.signature
    value.authority_id = keeper.authority_id
    value.save(update_fields=[*facts, "version", "updated_by", "authority_id", "updated_at"])
    _published(keeper)
    return value


def _refuse_known(
    book: Book,
    known: Classifier,
    label: str,
    code: str = "",
    refusal: Callable[..., ValueKnown] = ValueKnown,
) -> None:
    found = known.resolve(label)
    if found is not None and found != code:
        raise refusal(title=book.title, known=known[found].label, name=label)


def _refuse_known_names(book: Book, known: Classifier, names: Iterable[str], code: str = "") -> None:
    for name in names:
        _refuse_known(book, known, name, code, NameKnown)


def _new_code(keeper: Keeper, label: str, known: Iterable[Item]) -> str:
    """A code from the label's letters, free in this classifier."""
    taken = {item.code for item in known}
    prefix = _PREFIXES[keeper.origin]
    base = prefix + (slugify(label, separator="_", max_length=LONGEST_CODE - len(prefix) - 3) or "value")
    numbered = (f"{base}_{number}" for number in range(2, len(taken) + 3))
    return base if base not in taken else next(code for code in numbered if code not in taken)
