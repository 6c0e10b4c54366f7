"""Who a row is about: the key, else СНИЛС, else the document, else name with birth date and sex.

A weaker mark never joins what a stronger one tells apart, and of two who fit none is taken. Source: INTERFACES 5.
"""

from __future__ import annotations

import datetime
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Q, QuerySet

from shared.cards.models import CardModel
from shared.kernel.names import sort_key

Document = tuple[str, str, str]
NAMES: Final = ("last_name", "first_name", "patronymic")
TELLING: Final = frozenset(
    {*NAMES, "birth_date", "sex", "snils", "doc_type", "doc_series", "doc_number", "phone"}
)  # by what a person is told from others


@dataclass(frozen=True, slots=True)
class Asked:
    """What a row says of its person; what it does not say is empty."""

    key: uuid.UUID | None = None
    snils: str = ""
    document: Document | None = None
    name: str = ""
    stored_name: str = ""
    birth_date: datetime.date | None = None
    sex: str = ""
    phone: str = ""

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Asked:
        """The marks among the values of a row or of a card."""
        document = (values.get("doc_type") or "", values.get("doc_series") or "", values.get("doc_number") or "")
        stored = sort_key(" ".join(values.get(part) or "" for part in NAMES))
        return cls(
            snils=values.get("snils") or "",
            document=document if document[2] else None,
            name=" ".join(stored.split()) if values.get("last_name") else "",
            stored_name=stored,
            birth_date=values.get("birth_date"),
            sex=values.get("sex") or "",
            phone=values.get("phone") or "",
        )

    @property
    def is_nobody(self) -> bool:
        """Whether the row does not say who it is about."""
        return not (self.key or self.snils or self.document or (self.name and (self.birth_date or self.phone)))

    @property
    def marks(self) -> Iterable[str]:
        """By what another row of the file about the same new person is noticed."""
        if self.snils:
            yield f"snils:{self.snils}"
        if self.document:
            yield f"document:{'|'.join(self.document)}"
        if self.name and self.birth_date:
            yield f"name:{self.name}|{self.birth_date}|{self.sex}"


@dataclass(frozen=True, slots=True)
class Match:
    """Whom a row means: one card, or a sentence why it cannot be told; neither means somebody new."""

    card: CardModel | None = None
    refusal: str = ""
    column: str = ""


def name_key(parts: Iterable[str]) -> str:
    """The key by which names are compared: what is missing leaves nothing."""
    return sort_key(" ".join(filter(None, parts)))


class Book:
    """The known cards that some rows may mean."""

    def __init__(self, cards: Iterable[CardModel], *, only_keys: bool = False) -> None:
        self.by_key: dict[uuid.UUID, CardModel] = {card.pk: card for card in cards}
        self._by_snils: dict[str, list[CardModel]] = defaultdict(list)
        self._by_document: dict[Document, list[CardModel]] = defaultdict(list)
        self._by_name: dict[str, list[CardModel]] = defaultdict(list)
        self._asked: dict[uuid.UUID, Asked] = {}
        for card in () if only_keys else self.by_key.values():
            self._add(card)

    def _add(self, card: CardModel) -> None:
        facts = Asked.of(vars(card))
        self._asked[card.pk] = facts
        if facts.snils:
            self._by_snils[facts.snils].append(card)
        if facts.document:
            self._by_document[facts.document].append(card)
        self._by_name[facts.name].append(card)

    def find(self, asked: Asked) -> Match:
        """The one card that a row means."""
        if asked.key is not None:
            card = self.by_key.get(asked.key)
            return Match(card) if card else Match(refusal=_UNKNOWN_KEY, column="key")
        if asked.snils and (found := self._by_snils.get(asked.snils)):
            return self._by_number(found, asked, "snils", "СНИЛС")
        if asked.document:
            fitting = [one for one in self._by_document.get(asked.document, ()) if not self._differ(one, asked)]
            if fitting:
                return self._by_number(fitting, asked, "doc_number", "Документ")
        return self._find_by_name(asked)

    def named(self, name: str) -> Sequence[CardModel]:
        """Cards of this name."""
        return self._by_name.get(name, ())

    def _by_number(self, found: Sequence[CardModel], asked: Asked, column: str, what: str) -> Match:
        if len(found) > 1:
            return Match(refusal=_several(f"{what} этой строки стоит", len(found)), column=column)
        facts = self._asked[found[0].pk]
        other_name = bool(asked.name) and asked.name != facts.name
        days = {asked.birth_date, facts.birth_date} - {None}
        if other_name and len(days) > 1:
            return Match(
                refusal=f"{what} этой строки стоит в карточке с другим именем и другой датой рождения. "
                "Проверьте номер или впишите ключ карточки.",
                column=column,
            )
        return Match(found[0])

    def _find_by_name(self, asked: Asked) -> Match:
        if not asked.name:
            return Match()
        namesakes = [one for one in self._by_name.get(asked.name, ()) if self._fits(one, asked)]
        fitting = [one for one in namesakes if not self._differ(one, asked, by_document=True)]
        if len(fitting) > 1:
            return Match(refusal=_several("Такие имя и дата рождения", len(fitting)))
        if not fitting and namesakes:
            return Match(
                refusal="Человек с таким именем и датой рождения уже есть, но номер документа или СНИЛС у него другой. "
                "Если это он, впишите ключ его карточки; если однофамилец, заведите карточку на странице.",
            )
        return Match(fitting[0] if fitting else None)

    def _fits(self, card: CardModel, asked: Asked) -> bool:
        """Whether a card of this name may be the one: nothing that both know differs, and something more is equal."""
        facts = self._asked[card.pk]
        if asked.sex and facts.sex and asked.sex != facts.sex:
            return False
        if asked.birth_date and facts.birth_date:
            return asked.birth_date == facts.birth_date
        return bool(asked.phone) and asked.phone == facts.phone

    def _differ(self, card: CardModel, asked: Asked, *, by_document: bool = False) -> bool:
        """A child has a birth certificate first and a passport later, so other types of documents say nothing."""
        facts = self._asked[card.pk]
        if asked.snils and facts.snils:
            return asked.snils != facts.snils
        if not by_document or asked.document is None or facts.document is None:
            return False
        return asked.document[0] == facts.document[0] and asked.document != facts.document


_UNKNOWN_KEY: Final = (
    "Карточки с таким ключом здесь нет. Возьмите ключ из свежего файла «для правки» или оставьте ячейку пустой."
)


def _several(what: str, count: int) -> str:
    return f"{what} в нескольких карточках: {count}. Впишите ключ той, о которой строка."


def closed_cards(model: type[CardModel], people: Collection[Asked]) -> set[tuple[str, datetime.date]]:
    """Names and birth dates of these people that some card has, whoever may see it; annulled cards are no cards."""
    wanted: dict[str, Any] = {"sort_name__any_of": {one.stored_name for one in people}}
    if "is_annulled" in {field.name for field in model._meta.get_fields()}:
        wanted["is_annulled"] = False
    kept = model._default_manager.filter(**wanted)
    return {(name_key(names), day) for *names, day in kept.values_list(*NAMES, "birth_date")}


def load_book(cards: QuerySet[CardModel], asked: Collection[Asked]) -> Book:
    """The cards that these rows may mean, in one query; a row with a key asks for nothing else."""
    keyless = [one for one in asked if one.key is None]
    columns = {field.name for field in cards.model._meta.get_fields()}
    wanted = Q(pk__any_of={one.key for one in asked if one.key is not None})
    if keyless:
        wanted |= _numbers(keyless, columns)
        if names := {one.stored_name for one in keyless if one.name}:
            wanted |= Q(sort_name__any_of=names)
    return Book(cards.filter(wanted), only_keys=not keyless)


def _numbers(asked: Sequence[Asked], columns: Collection[str]) -> Q:
    found = Q()
    if "snils" in columns and (numbers := {one.snils for one in asked if one.snils}):
        found |= Q(snils__any_of=numbers)
    if "doc_number" in columns and (papers := {one.document[2] for one in asked if one.document}):
        found |= Q(doc_number__any_of=papers)
    return found
