"""Which cards travel by files, who may bring them, and which columns a file of each kind has.

A column is a field of the card, or something that a row says beside the card: its key, the child of a representative,
the day of the written consent. Special facts, rows of a card (diplomas, awards), attached files and what orders write
are never in a file. Source: ORGANIZATION 2.3, R-121, R-164, R-207.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from types import MappingProxyType
from typing import Final

from django.db.models import QuerySet, UniqueConstraint

from shared.access.actors import Actor
from shared.access.fields import Category
from shared.cards.kinds import CardKind
from shared.cards.layout import Field, Need
from shared.cards.models import CardModel
from shared.imports.headers import header_key
from tenants.cards.hands import Hand, everybody, masked_codes, sees_every_identity
from tenants.cards.kinds import KINDS

KEY: Final = "key"
CONSENT: Final = "consent_on"
CHILD_KEY: Final = "child_key"
CHILD_NAME: Final = "child_name"
CHILD_BORN: Final = "child_birth_date"
RELATION: Final = "relation"
LINK: Final = "link"  # the known link whose relation a row changes: kept beside, no column
ERRORS_HEADER: Final = "Ошибки строки"  # of our own file of errors: never read
NOT_IN_FILES: Final = frozenset({"file", "person"})
# What a sealed card still shows: everything else waits for the consent of its subject.
SHOWN_OF_SEALED: Final = frozenset({"last_name", "first_name", "patronymic", "main_position"})


def _beside(
    code: str, label: str, kind: str, *, help: str, headers: tuple[str, ...] = (), classifier: str = ""
) -> Field:
    """A column that is no field of the card."""
    return Field(
        code=code,
        label=label,
        kind=kind,
        need=Need.FREE,
        path=code,
        category=Category.PERSONAL,
        is_masked=False,
        basis="",
        clause="ORGANIZATION 2.3",
        keeper="",
        classifier=classifier,
        help=help,
        headers=headers,
        is_explainable=False,
    )


_KEY: Final = _beside(KEY, "Ключ", "text", help="Знак карточки в системе. Не меняйте его; у новой карточки он пуст.")
_CONSENT: Final = _beside(
    CONSENT,
    "Согласие на обработку ПДн",
    "past_date",
    headers=("Дата согласия", "Согласие", "Согласие на обработку ПДн от"),
    help="Дата письменного согласия. Нужна новой карточке; у известной меняется в разделе «Согласия».",
)
_CHILD: Final = (
    _beside(CHILD_KEY, "Ключ ребёнка", "text", help="Ключ из файла обучающихся. Если он есть, имя и дата не нужны."),
    _beside(
        CHILD_NAME,
        "Ребёнок (Ф. И. О.)",
        "text",
        headers=("Ребёнок", "ФИО ребёнка"),
        help="Фамилия, имя и отчество, как в карточке ребёнка.",
    ),
    _beside(CHILD_BORN, "Дата рождения ребёнка", "past_date", help="Вместе с именем говорит, о каком ребёнке строка."),
    _beside(
        RELATION,
        "Степень родства",
        "choice",
        classifier="guardian_relation",
        headers=("Кем приходится",),
        help="Кем приходится ребёнку. Другая степень родства меняет известную связь.",
    ),
)


@dataclass(frozen=True)
class Column:
    """A column that a file may have; ``section`` is where the field stands on the card."""

    field: Field
    header: str
    section: str = ""
    is_beside: bool = False

    @property
    def code(self) -> str:
        return self.field.code

    @property
    def names(self) -> tuple[str, ...]:
        """Every header that means it."""
        return (self.header, *self.field.headers, self.field.code)


@dataclass(frozen=True)
class FileKind:
    """Cards of one kind as files carry them. ``imports`` is the right to bring them, with reach to everybody.

    ``beside``: columns that are no fields. ``filled_in``: hard fields that the room derives when they are empty.
    """

    card: CardKind
    imports: str
    beside: tuple[Field, ...] = ()
    filled_in: frozenset[str] = frozenset()
    is_single: bool = False

    @property
    def code(self) -> str:
        return self.card.code

    @property
    def has_children(self) -> bool:
        return any(field.code == CHILD_KEY for field in self.beside)

    @property
    def is_created(self) -> bool:
        """Whether a file may bring new cards."""
        return self.card.create_many is not None or self.card.create is not None

    @cached_property
    def columns(self) -> Mapping[str, Column]:
        """By code, in the order of the card; a label that two sections share names its section."""
        fields = [
            (section.title, field) for section in self.card.sections() if not section.rows for field in section.typed
        ]
        carried = [(title, field) for title, field in fields if field.kind not in NOT_IN_FILES]
        labels = [header_key(field.label) for _, field in carried]
        found = {} if self.is_single else {KEY: Column(_KEY, _KEY.label, is_beside=True)}
        for title, field in carried:
            shared = labels.count(header_key(field.label)) > 1
            header = f"{field.label} ({title.lower()})" if shared else field.label
            found[field.code] = Column(field, header, title, is_beside=field.code == CONSENT)
        found |= {field.code: Column(field, field.label, is_beside=True) for field in self.beside}
        return MappingProxyType(found)

    @cached_property
    def by_header(self) -> Mapping[str, str]:
        """Code by everything that a header may say."""
        found: dict[str, str] = {}
        for column in self.columns.values():
            found.setdefault(header_key(column.header), column.code)
        for column in self.columns.values():
            for name in column.names:
                found.setdefault(header_key(name), column.code)
        return MappingProxyType(found)

    @cached_property
    def unique(self) -> Mapping[str, UniqueConstraint]:
        """Fields whose value only one card may have."""
        constraints = self.card.model._meta.constraints
        unique = [one for one in constraints if isinstance(one, UniqueConstraint) and len(one.fields) == 1]
        by_column = {one.fields[0]: one for one in unique}
        fields = (column.field for column in self.columns.values())
        return {field.code: by_column[field.path] for field in fields if field.path in by_column}

    def may_import(self, actor: Actor) -> bool:
        """Only a right to everybody: a file is not narrowed to somebody's classes."""
        return _is_everywhere(actor, self.imports)

    def may_take(self, actor: Actor) -> bool:
        """Whether the file «для правки» may leave with this person: he edits these cards, all of them."""
        return _is_everywhere(actor, self.card.edits) and (self.is_single or actor.may("lists.export"))

    def may_identify(self, actor: Actor) -> bool:
        """Whether documents, numbers and addresses may be shown to him."""
        return sees_every_identity(self.card, actor)

    def written_by(self, actor: Actor) -> frozenset[str]:
        """Columns that he may write. Who loads the contingent brings its documents too, without seeing others'."""
        may_all = self.imports == "contingent.import" or self.may_identify(actor)
        return frozenset(code for code, one in self.columns.items() if may_all or not one.field.is_masked)

    def read_by(self, actor: Actor) -> Iterator[Column]:
        """Columns of the file «для правки»."""
        may_identify = self.may_identify(actor)
        return (one for one in self.columns.values() if may_identify or not one.field.is_masked)

    def cards(self) -> QuerySet[CardModel]:
        """Every card that somebody with the right to bring files reaches, with what its fields lead to."""
        return self.joined(self.card.reached(everybody(self.imports), self.imports))

    def hand_of_worker(self, *, by: str) -> Hand:
        """Who writes a file that was shown: its columns were asked for when they were chosen."""
        return Hand(by, self.cards())

    def hand_of(self, actor: Actor, *, is_mine: bool) -> Hand:
        """Who takes a file back: documents and numbers that somebody else has brought are not his to rewrite unseen."""
        known = self.written_by(actor) if is_mine or self.may_identify(actor) else frozenset[str]()
        return Hand(actor.signature, self.cards(), masked_codes(self.card) - known)

    def joined(self, cards: QuerySet[CardModel]) -> QuerySet[CardModel]:
        """With what the fields lead to."""
        steps = sorted({column.field.path.rpartition("__")[0] for column in self.columns.values()} - {""})
        return cards.select_related(*steps) if steps else cards


@cache
def file_kinds() -> Mapping[str, FileKind]:
    """The kinds of cards that travel by files, in the order of the menu."""
    kinds = (
        FileKind(card=KINDS["student"], imports="contingent.import", beside=(_CONSENT,)),
        FileKind(card=KINDS["guardian"], imports="contingent.import", beside=(*_CHILD, _CONSENT)),
        FileKind(card=KINDS["staff"], imports="staff.edit", filled_in=frozenset({"personnel_category"})),
        FileKind(card=KINDS["organization"], imports="organization.edit", is_single=True),
    )
    return MappingProxyType({kind.code: kind for kind in kinds})


def _is_everywhere(actor: Actor, capability: str) -> bool:
    right = actor.right(capability)
    return right is not None and right.is_everywhere
