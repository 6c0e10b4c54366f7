"""What a merge has done beside the values of the card that stays: enough to take every step of it back."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.apps import apps
from django.db.models import Model

from shared.tenancy.bulk import plain
from tenants.cards.errors import MergeNotUndone
from tenants.history.models import HistoryEvent


@dataclass
class Journal:
    """Rows given to the other card, rows changed in place, rows taken away; the newest event of these rows.

    ``free``: tables whose rows may change afterwards and stand in nobody's way when the merge is taken back.
    """

    free: ClassVar[Collection[str]] = ("cards.DifferentPeople",)

    moved: list[dict[str, Any]] = field(default_factory=list)
    changed: list[dict[str, Any]] = field(default_factory=list)
    deleted: list[dict[str, Any]] = field(default_factory=list)
    last_event: int = 0

    def as_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in ("moved", "changed", "deleted", "last_event")}

    @classmethod
    def of_json(cls, raw: Mapping[str, Any]) -> Journal:
        return cls(raw["moved"], raw["changed"], raw["deleted"], raw["last_event"])

    def move(self, model: type[Model], column: str, *, of: uuid.UUID, to: uuid.UUID) -> int:
        """Give every row of one card to another; answers how many."""
        rows = model._base_manager.filter(**{column: of})
        keys = list(rows.values_list("pk", flat=True))
        if keys:
            model._base_manager.filter(pk__in=keys).update(**{column: to})
            entry = {"table": model._meta.label, "column": column, "of": str(of), "to": str(to)}
            self.moved.append({**entry, "keys": [str(key) for key in keys]})
        return len(keys)

    def change(self, row: Model, **values: Any) -> None:
        """Write columns of a row, remembering what stood there; equal ones are not touched."""
        fresh = {name: value for name, value in values.items() if getattr(row, name) != value}
        if not fresh:
            return
        old = {name: getattr(row, name) for name in fresh}
        type(row)._base_manager.filter(pk=row.pk).update(**fresh)
        for name, value in fresh.items():
            setattr(row, name, value)
        place = {"table": row._meta.label, "key": str(row.pk)}
        self.changed.append({**place, "old": plain(old), "new": plain(fresh)})

    def delete(self, row: Model) -> None:
        """Take a row away whole, keeping all that stood in it."""
        names = [one.attname for one in row._meta.concrete_fields if not one.generated]
        self.deleted.append({"table": row._meta.label, "row": plain({name: getattr(row, name) for name in names})})
        type(row)._base_manager.filter(pk=row.pk).delete()

    def close(self, *, stays: uuid.UUID) -> None:
        """Remember where the log of these rows stands; they are locked until the commit, so nothing slips between."""
        last = HistoryEvent.objects.about(self.keys(but=stays)).order_by("-id").values_list("id", flat=True).first()
        self.last_event = last or 0

    def keys(self, *, but: uuid.UUID) -> list[str]:
        """Every row that the merge has touched but the card that stays: its own fields are compared one by one."""
        moved = (key for entry in self.moved for key in entry["keys"])
        changed = (entry["key"] for entry in self.changed if entry["table"] not in self.free)
        deleted = (entry["row"]["id"] for entry in self.deleted if entry["table"] not in self.free)
        return [key for key in (*moved, *changed, *deleted) if key != str(but)]

    def moved_keys(self, model: type[Model]) -> list[uuid.UUID]:
        """Rows of one table that went to the card that stays."""
        entries = (entry for entry in self.moved if entry["table"] == model._meta.label)
        return [uuid.UUID(key) for entry in entries for key in entry["keys"]]

    def refuse_if_built_upon(self, *, stays: uuid.UUID) -> None:
        """Raises: MergeNotUndone, when somebody has changed one of these rows since."""
        later = HistoryEvent.objects.about(self.keys(but=stays)).filter(id__gt=self.last_event, changes__isnull=False)
        if event := later.order_by("id").first():
            raise MergeNotUndone(why=f"после него записи изменены, первый раз {event.at:%d.%m.%Y}, {event.actor_name}")

    def take_back(self) -> None:
        """The rows that were taken away return first, then everything goes where it was."""
        for entry in reversed(self.deleted):
            _model(entry["table"])._base_manager.bulk_create([_model(entry["table"])(**entry["row"])])
        for entry in self.moved:
            rows = _model(entry["table"])._base_manager.filter(pk__in=entry["keys"])
            rows.filter(**{entry["column"]: entry["to"]}).update(**{entry["column"]: entry["of"]})
        for entry in reversed(self.changed):
            rows = _model(entry["table"])._base_manager.filter(pk=entry["key"])
            rows.update(**entry["old"])


def references(model: type[Model]) -> Iterator[tuple[type[Model], str]]:
    """Tables that name a card of this kind, each with its column."""
    for relation in model._meta.related_objects:
        if not isinstance(relation.related_model, str):
            yield relation.related_model, relation.field.name


def _model(label: str) -> type[Model]:
    return apps.get_model(label)


def rows_told(model: type[Model], card_id: uuid.UUID) -> list[tuple[str, int]]:
    """How many rows of which tables name this card, in words; for the page before a merge."""
    found = []
    for table, column in references(model):
        if count := table._base_manager.filter(**{column: card_id}).count():
            found.append((str(table._meta.verbose_name), count))
    return found
