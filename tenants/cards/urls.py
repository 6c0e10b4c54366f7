"""Addresses of cards: one for each kind, so that each asks for the rights of its kind."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from functools import wraps
from typing import Any, ClassVar, Final

from django.http import HttpResponse
from django.urls import URLPattern, path, register_converter

from shared.access.declarations import Groundwork, requires
from shared.cards.kinds import CardKind
from tenants.cards.kinds import KINDS
from tenants.cards.merging_rules import RULES
from tenants.cards.views import batches, different, group, merging, past, rows, sections

View = Callable[..., HttpResponse]
CARD: Final = "<uuid:card_id>"
SECTION: Final = f"{CARD}/<slug:section>"


class KindConverter:
    """The word of one kind in an address; an address is made from the kind or from its word."""

    regex: ClassVar[str] = ""

    def to_python(self, value: str) -> CardKind:
        return KINDS[value]

    def to_url(self, value: CardKind | str) -> str:
        code = value.code if isinstance(value, CardKind) else value
        if code != self.regex:
            raise ValueError(code)  # the address of another kind
        return code


for _code in KINDS:
    register_converter(type(f"{_code.capitalize()}Converter", (KindConverter,), {"regex": _code}), _code)


def of_kinds(
    route: str,
    view: View,
    name: str,
    *,
    right: str,
    groundwork: Groundwork | None = None,
    among: Collection[str] | None = None,
) -> Iterator[URLPattern]:
    """The same page of every kind (``among``: of these) with such a right: ``reads``, ``edits`` or ``identity``."""
    for kind in KINDS.values():
        capability: str = getattr(kind, right)
        if capability and (among is None or kind.code in among):
            yield path(
                f"<{kind.code}:kind>/{route}", requires(capability, groundwork=groundwork)(_apart(view)), name=name
            )


def _apart(view: View) -> View:
    """A view of its own to be marked: the mark names one right."""

    @wraps(view)
    def asked(*args: Any, **kwargs: Any) -> HttpResponse:
        return view(*args, **kwargs)

    return asked


app_name = "cards"
urlpatterns = [
    *of_kinds("group/choose/", group.group_choose, "group_choose", right="edits"),
    *of_kinds("group/", group.group, "group", right="edits"),
    *of_kinds("group/apply/", group.group_apply, "group_apply", right="edits"),
    *of_kinds("group/wait/", group.group_wait, "group_wait", right="edits"),
    *of_kinds("changes/", batches.batches, "batches", right="edits"),
    *of_kinds("changes/<uuid:batch_id>/", batches.batch, "batch", right="edits"),
    *of_kinds("changes/<uuid:batch_id>/undo/", batches.undo, "undo", right="edits"),
    *of_kinds("same/", merging.same, "same", right="edits", among=RULES),
    *of_kinds(f"same/{CARD}/<uuid:other_id>/", merging.compare, "compare", right="edits", among=RULES),
    *of_kinds(f"same/{CARD}/<uuid:other_id>/different/", different.tell, "tell_different", right="edits", among=RULES),
    *of_kinds("same/different/", different.different, "different", right="edits", among=RULES),
    *of_kinds("same/different/<uuid:told_id>/back/", different.back, "different_back", right="edits", among=RULES),
    *of_kinds(f"{CARD}/", sections.sections, "sections", right="reads"),
    *of_kinds(f"{CARD}/history/", past.history, "history", right="reads"),
    *of_kinds(f"{CARD}/past/", past.past, "past", right="reads"),
    *of_kinds(f"{CARD}/reveal/<slug:field>/", sections.reveal, "reveal", right="identity"),
    *of_kinds(f"{SECTION}/", sections.section, "section", right="edits"),
    *of_kinds(f"{SECTION}/shown/", sections.shown, "shown", right="reads"),
    *of_kinds(f"{SECTION}/draft/", sections.draft, "draft", right="edits"),
    *of_kinds(f"{SECTION}/absence/", rows.absence, "absence", right="edits"),
    *of_kinds(f"{SECTION}/rows/", rows.row_new, "row_new", right="edits"),
    *of_kinds(f"{SECTION}/rows/draft/", rows.row_new_draft, "row_new_draft", right="edits"),
    *of_kinds(f"{SECTION}/rows/<uuid:row_id>/", rows.row, "row", right="edits"),
    *of_kinds(f"{SECTION}/rows/<uuid:row_id>/draft/", rows.row_draft, "row_draft", right="edits"),
    *of_kinds(f"{SECTION}/rows/<uuid:row_id>/end/", rows.row_end, "row_end", right="edits"),
    *of_kinds(f"{SECTION}/rows/<uuid:row_id>/withdraw/", rows.row_withdraw, "row_withdraw", right="edits"),
]
