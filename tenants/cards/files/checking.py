"""The check of rows: what each would do, cell by cell. A portion costs a fixed number of queries.

A cell that says what the card already shows is no change, so a file that was downloaded and uploaded again changes
nothing. An empty cell leaves the field as it is.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils import timezone

from shared.cards.layout import Absence, Field
from shared.cards.models import CardModel
from shared.cards.rules import findings, stored_document
from shared.cards.values import is_filled, kept_codes, plain, value_of, written
from shared.kernel.rules import RuleViolation
from tenants.cards.files.children import Children, Link, load_children
from tenants.cards.files.kinds import (
    CHILD_BORN,
    CHILD_KEY,
    CHILD_NAME,
    CONSENT,
    KEY,
    LINK,
    RELATION,
    SHOWN_OF_SEALED,
    FileKind,
)
from tenants.cards.files.matching import NAMES, TELLING, Asked, Book, Match, closed_cards, load_book
from tenants.cards.files.models import Verdict
from tenants.cards.files.quoted import FROM_CARD, FROM_FILE
from tenants.cards.files.reading import Cell, ColumnReader, cell_of
from tenants.cards.files.repeats import number_mark

Values = dict[str, Any]  # Any: a value is of its field's kind
AT_ONCE: Final = frozenset({CHILD_KEY, CHILD_NAME, CHILD_BORN, CONSENT, RELATION})  # read of every row
SEALED: Final = "Согласия на обработку данных нет, поэтому менять можно только имя. Запишите согласие в карточке."
GUARDED: Final = "Адрес под защитой: он открывается и меняется в карточке, среди особых сведений. Очистите ячейку."
NO_CONSENT: Final = (
    "Нет даты письменного согласия на обработку ПДн, поэтому карточку завести нельзя. "
    "Получите согласие и впишите его дату."
)
NO_RELATION: Final = "Степень родства обязательна, очистить её нельзя. Впишите её или оставьте ячейку пустой."
NO_CHILD: Final = "Не сказано, чей это представитель. Впишите ключ ребёнка или его имя с датой рождения."
CLOSED: Final = (
    "Карточка человека с таким именем и датой рождения есть, но закрыта: согласие отозвано. "
    "Новое согласие записывает ответственный за персональные данные в разделе «Согласия»."
)
NOBODY: Final = "Не понять, о ком строка: нет ключа, СНИЛС, документа или имени с датой рождения. Впишите их."


@dataclass(slots=True)
class Row:
    """A row of the file on its way through the check."""

    number: int
    cells: Sequence[str]
    key: uuid.UUID | None = None
    texts: dict[str, str] = field(default_factory=dict)
    read: dict[str, Cell] = field(default_factory=dict)
    card: CardModel | None = None
    card_id: uuid.UUID | None = None
    child_id: uuid.UUID | None = None
    link: Link | None = None
    verdict: Verdict = Verdict.WAITING
    title: str = ""
    values: Values = field(default_factory=dict)
    absences: dict[str, str] | None = None
    beside: Values = field(default_factory=dict)
    changes: list[list[str]] = field(default_factory=list)
    problems: list[list[str]] = field(default_factory=list)
    warnings: list[list[str]] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    is_met: bool = False  # whether it is clear whose card it is, or that it is a new one

    def refuse(self, code: str, sentence: str, *quoted: str) -> None:
        self.problems.append([code, sentence, *quoted])

    def warn(self, code: str, sentence: str, *quoted: str) -> None:
        self.warnings.append([code, sentence, *quoted])

    @property
    def kept(self) -> dict[str, Any] | None:
        """What the row brings, as JSON keeps it; None when it brings nothing."""
        if self.verdict not in (Verdict.NEW, Verdict.CHANGED):
            return None
        values = {code: plain(value) for code, value in self.values.items()}
        beside = {code: plain(value) for code, value in self.beside.items()}
        return {"values": values, "absences": self.absences, "beside": beside}


class Checker:
    """Checks rows of one file, each by itself: what they repeat of each other is the business of ``repeats``."""

    def __init__(self, kind: FileKind, columns: Mapping[int, str]) -> None:
        self.kind = kind
        self._columns = [(index, code) for index, code in columns.items() if code in kind.columns]
        self._readers = {code: ColumnReader(kind.columns[code].field) for _, code in self._columns}
        self._fields = kind.card.layout.fields
        self._today = timezone.localdate()
        # Values that the rules of the card ask for; a rule that asks for rows of the card is not asked here.
        self._asked_by_rules = {
            code: one for code, one in self._fields.items() if not one.is_special and not one.is_derived
        }

    def check(self, rows: Sequence[Row]) -> None:
        """Decide on these rows, the earlier ones first."""
        for row in rows:
            self._take(row)
        asked = {row.number: self._asked(row) for row in rows}
        book = self._known(list(asked.values()))
        children = load_children([row.read for row in rows]) if self.kind.has_children else None
        for row in rows:
            self._meet(row, asked[row.number], book, children)
            self._decide(row)
        self._refuse_closed(rows, asked, book)
        self._refuse_taken(rows)
        for row in rows:
            self._conclude(row)

    def _take(self, row: Row) -> None:
        """The texts of a row. They are read when they are asked for: most of a known card is not."""
        cells, texts = row.cells, row.texts
        for index, code in self._columns:
            if index < len(cells) and (text := cells[index].strip()):
                texts[code] = text
        row.title = " ".join(filter(None, map(row.texts.get, NAMES)))[:320]
        self._read(row, row.texts.keys() & AT_ONCE)

    def _read(self, row: Row, codes: Iterable[str]) -> None:
        for code in codes:
            if code not in row.read:
                row.read[code] = self._readers[code].read(row.texts[code])

    def _asked(self, row: Row) -> Asked:
        if KEY not in row.texts:
            self._read(row, row.texts.keys() & TELLING)
            return Asked.of({code: cell.value for code, cell in row.read.items() if not cell.error})
        try:
            return Asked(key=uuid.UUID(row.texts[KEY]))
        except ValueError:
            row.refuse(KEY, f"«{row.texts[KEY][:60]}» не похоже на ключ. Возьмите его из файла «для правки».")
            return Asked()

    def _known(self, asked: Sequence[Asked]) -> Book:
        return Book(self.kind.cards()) if self.kind.is_single else load_book(self.kind.cards(), asked)

    def _meet(self, row: Row, asked: Asked, book: Book, children: Children | None) -> None:
        """Find whose card it is."""
        if row.problems:
            return
        match = self._match(row, asked, book, children)
        if match.refusal:
            row.refuse(match.column, match.refusal)
            return
        row.card = match.card
        if row.card is not None:
            row.card_id, row.title = row.card.pk, str(row.card)[:320]
        elif asked.is_nobody and not (row.child_id and asked.name):
            if not any(cell.error for cell in row.read.values()):  # else that is what must be corrected
                row.refuse("", NOBODY)
            return
        elif not self.kind.is_created:
            row.refuse(
                "", f"Такой карточки нет ({self.kind.card.one}). Файл меняет известные, новую заведите на странице."
            )
        self._mark(row, asked)
        row.is_met = not row.problems

    def _match(self, row: Row, asked: Asked, book: Book, children: Children | None) -> Match:
        if self.kind.is_single:
            return Match(next(iter(book.by_key.values())))
        match = Match() if asked.is_nobody else book.find(asked)
        if children is None or match.refusal:
            return match
        child = children.find(row.read)
        if child.refusal:
            return Match(refusal=child.refusal, column=child.column)
        if child.card is None:
            return match if match.card else Match(refusal=NO_CHILD, column=CHILD_KEY)
        if match.card is None:
            match = children.guardian_named(child.card.pk, asked.name, book)
        row.child_id = child.card.pk
        row.link = children.link(child.card.pk, match.card.pk) if match.card else None
        if row.link is None:
            row.beside[CHILD_KEY] = child.card.pk
        return match

    def _mark(self, row: Row, asked: Asked) -> None:
        if not row.problems:
            tail = f"@{row.child_id}" if self.kind.has_children else ""
            row.marks = [f"card:{row.card_id}{tail}"] if row.card_id else [f"{mark}{tail}" for mark in asked.marks]

    def _decide(self, row: Row) -> None:
        others = [code for code in row.texts if row.card is None or not self._says_same(row, row.card, code)]
        self._read(row, others)
        for code in others:
            self._let_stay(row, code)
            if error := row.read[code].error:
                row.refuse(code, error)
        if row.card is not None:
            self._decide_changed(row, row.card, others)
        elif row.is_met:
            self._decide_new(row)

    def _let_stay(self, row: Row, code: str) -> None:
        """An ended value of a classifier is refused to everybody but who has it already."""
        one = self._readers[code].field
        if row.card is None or not one.classifier or not row.read[code].error:
            return
        if code in self._fields:
            keep = kept_codes(one, self._readers[code].held(row.card))
        else:
            keep = [row.link.relation] if row.link and row.link.relation else []
        if keep:
            row.read[code] = self._readers[code].read_kept(row.texts[code], keep)

    def _decide_new(self, row: Row) -> None:
        row.absences = {}
        for code, cell in row.read.items():
            if cell.error or self.kind.columns[code].is_beside:
                continue
            row.values[code] = cell.value
            if cell.absence:
                row.absences[code] = cell.absence
        for code in (CONSENT, RELATION):
            if code in row.read:
                row.beside[code] = row.read[code].value
        self._ask_consent(row)
        for code, column in self.kind.columns.items():
            is_wanted = column.field.is_hard and not column.is_beside and code not in self.kind.filled_in
            if is_wanted and code not in row.texts:
                row.refuse(code, f"Поле «{column.header}» пустое. Заполните его: без него карточки не бывает.")
        self._ask_rules(row, {})

    def _ask_consent(self, row: Row) -> None:
        """Without a written consent a person has no card; of a representative only the name may be kept."""
        signed, born = row.beside.get(CONSENT), row.values.get("birth_date")
        if signed and born and signed < born:
            row.refuse(CONSENT, "Дата согласия раньше даты рождения. Исправьте одну из них.")
        is_sealed = self.kind.has_children and row.values.keys() <= SHOWN_OF_SEALED
        if CONSENT in self.kind.columns and CONSENT not in row.texts and not is_sealed:
            row.refuse(CONSENT, NO_CONSENT)

    def _decide_changed(self, row: Row, card: CardModel, others: Sequence[str]) -> None:
        hidden = self.kind.card.hides(card)
        is_sealed = self.kind.card.is_sealed(card)
        self._tell_of_unchanged(row, card)
        self._decide_relation(row)
        for code in row.texts if hidden or is_sealed else others:
            if self.kind.columns[code].is_beside:
                continue
            if code in hidden:
                row.refuse(code, GUARDED)
            elif is_sealed and code not in SHOWN_OF_SEALED:
                row.refuse(code, SEALED)
            elif code in row.read and not row.read[code].error:
                self._change(row, card, self._fields[code], row.read[code])
        if row.values and not row.problems:
            self._ask_rules(row, {code: value_of(card, one) for code, one in self._asked_by_rules.items()})

    def _tell_of_unchanged(self, row: Row, card: CardModel) -> None:
        """What a file says beside a known card is written elsewhere."""
        consent = row.read.get(CONSENT)
        if consent and not consent.error and consent.value != getattr(card, "consent_on", None):
            row.warn(CONSENT, "Дату согласия известной карточки файл не меняет: она записывается в разделе «Согласия».")

    def _decide_relation(self, row: Row) -> None:
        """Who the representative is to the child of the row: of a new link, or otherwise than the known one says."""
        cell = row.read.get(RELATION)
        if cell is None or cell.error:
            return
        if row.child_id is None:
            row.warn(RELATION, "Степень родства не записана: не сказано, чей это представитель.")
        elif row.link is None:
            row.beside[RELATION] = cell.value
        elif not cell.value and row.link.relation:
            row.refuse(RELATION, NO_RELATION)
        elif cell.value != row.link.relation:
            row.beside |= {LINK: row.link.key, RELATION: cell.value}
            one = self._readers[RELATION].field
            row.changes.append([RELATION, written(one, row.link.relation), written(one, cell.value)])

    def _change(self, row: Row, card: CardModel, one: Field, cell: Cell) -> None:
        held, explained = self._readers[one.code].held(card), card.absences.get(one.code, "")
        if held == cell.value and (is_filled(held) or explained == cell.absence):
            return
        row.values[one.code] = cell.value
        if explained != cell.absence:
            row.absences = dict(card.absences) if row.absences is None else row.absences
            row.absences.pop(one.code, None)
            if cell.absence:
                row.absences[one.code] = cell.absence
        row.changes.append([one.code, cell_of(card, one), self._becomes(one, cell)])

    def _says_same(self, row: Row, card: CardModel, code: str) -> bool:
        """Whether the cell holds what the card shows, also where it could not be written like that today."""
        text, reader = row.texts[code], self._readers[code]
        return code in self._fields and (reader.held(card) == text or reader.shown(card) == text)

    @staticmethod
    def _becomes(one: Field, cell: Cell) -> str:
        return Absence(cell.absence).label if cell.absence else written(one, cell.value)

    def _ask_rules(self, row: Row, held: Mapping[str, Any]) -> None:
        """Hard rules refuse what the row contradicts; a contradiction that stood before is not its fault."""
        try:
            self.kind.card.check({**held, **row.values})
        except RuleViolation as refusal:
            row.refuse(refusal.field if refusal.field in row.read else "", str(refusal))
        whole = {**held, **row.values}
        if "doc_number" in row.values or "doc_series" in row.values:
            row.values.update((code, text) for code, text in stored_document(whole).items() if code in row.values)
        found = findings(self.kind.code, whole, self._today)
        if not found:
            return
        before = {one.code for one in findings(self.kind.code, held, self._today)} if held else set()
        for one in found:
            if one.code in before and one.field not in row.values:
                continue
            code = one.field if one.field in row.read else ""
            if one.level == "hard":
                row.refuse(code, one.sentence, *self._quoted(row, one.fields))
            elif one.field in row.values:
                row.warn(code, one.sentence, *self._quoted(row, one.fields))

    def _quoted(self, row: Row, fields: Sequence[str]) -> Iterator[str]:
        """Whose values from behind a mask a sentence about these fields may quote."""
        masked = [code for code in fields if code in self._fields and self._fields[code].is_masked]
        if masked:
            yield FROM_FILE if row.texts.keys() >= set(masked) else FROM_CARD

    def _refuse_closed(self, rows: Sequence[Row], asked: Mapping[int, Asked], book: Book) -> None:
        """A new person whose card is there and is shown to nobody: his consent is withdrawn."""
        coming = [(row, asked[row.number]) for row in rows if row.card is None and not row.problems]
        unknown = [(row, one) for row, one in coming if one.name and one.birth_date and not book.named(one.name)]
        closed = closed_cards(self.kind.card.model, [one for _, one in unknown]) if unknown else set()
        for row, one in unknown:
            if (one.name, one.birth_date) in closed:
                row.refuse("", CLOSED)

    def _refuse_taken(self, rows: Sequence[Row]) -> None:
        """A number that only one card may have stands on another one."""
        for code, constraint in self.kind.unique.items():
            bringing = [row for row in rows if row.values.get(code) and not row.problems]
            for row in bringing:
                row.marks.append(number_mark(code, row.values[code]))
            found = self.kind.card.model._default_manager.filter(
                **{f"{constraint.fields[0]}__any_of": {row.values[code] for row in bringing}}
            )
            if constraint.condition is not None:
                found = found.filter(constraint.condition)
            owners = dict(found.values_list(constraint.fields[0], "pk")) if bringing else {}
            for row in bringing:
                owner = owners.get(row.values[code])
                if owner is not None and owner != row.card_id:
                    row.refuse(code, self._taken(code))

    def _taken(self, code: str) -> str:
        header = self.kind.columns[code].header
        return f"{header} уже стоит в другой карточке. Найдите её в списке и проверьте, не тот же ли это человек."

    def _conclude(self, row: Row) -> None:
        if row.problems:
            row.verdict = Verdict.REFUSED
        elif row.card is None:
            row.verdict = Verdict.NEW
        elif row.values or row.beside:
            row.verdict = Verdict.CHANGED
        else:
            row.verdict = Verdict.SAME
