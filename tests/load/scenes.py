"""What people and programs do during a day. A module to come (journals, admission) adds its scenes to ``SCENES``.

A scene has a share for every hour of the school's day; a visitor picks the next scene by the shares of the hour and an
organization at random. A scene that writes gives the write a mark and notes it in the client's ledger; how the marks
are found again in the database says ``tests.load.finding``.
"""

from __future__ import annotations

import json
import random
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from tests.load.ledger import Write

if TYPE_CHECKING:
    from tests.load.visiting import Answer, Visit

HOURS = range(7, 20)
CARD_MARK, PAGE_MARK = "Нагрузкин", "Страницын"
TRIES = 12  # of a program that repeats an unanswered write with its key
PAUSE = 0.5


@dataclass(frozen=True)
class Scene:
    """``shares``: the weight of the scene at an hour of the day; an hour that is not named has ``share``."""

    name: str
    act: Callable[[Visit], None]
    share: float
    shares: Mapping[int, float] | None = None
    writes: bool = False

    def at(self, hour: int | None) -> float:
        """The weight at this hour; without an hour, the usual one."""
        return self.share if hour is None or self.shares is None else self.shares.get(hour, self.share)


def home(visit: Visit) -> None:
    visit.get("/", name="home")


def learners(visit: Visit) -> None:
    visit.get("/students/", name="learners: list", login="secretary")


def search(visit: Visit) -> None:
    """A search line never stands in an address: it is posted, and the answer leads to its list."""
    text = visit.pick("names")[:4].lower()
    answer = visit.post("/students/", {"q": text}, name="learners: search", login="secretary", expect=(302,))
    if answer.is_good:
        visit.get(answer.location, name="learners: found", login="secretary")


def card(visit: Visit) -> None:
    visit.get(f"/students/{visit.pick('students')}/", name="learner: card")


def peek(visit: Visit) -> None:
    visit.get(f"/students/{visit.pick('students')}/peek/", name="learner: panel", headers={"HX-Request": "true"})


def movement(visit: Visit) -> None:
    visit.get("/movement/", name="movement book")


def classes(visit: Visit) -> None:
    visit.get("/groups/", name="classes")


def one_class(visit: Visit) -> None:
    visit.get(f"/groups/{visit.pick('groups')}/", name="class")


def orders(visit: Visit) -> None:
    visit.get("/orders/", name="orders")


def api_learners(visit: Visit) -> None:
    visit.get("/api/v1/students/", name="API: learners", login="token")


def api_card(visit: Visit) -> None:
    visit.get(f"/api/v1/cards/student/{visit.pick('students')}/", name="API: card", login="token")


def api_me(visit: Visit) -> None:
    visit.get("/api/v1/me/", name="API: me", login="token")


def new_card(visit: Visit) -> None:
    """By a program with a key: the name may be anybody's, so nothing but the key keeps it from being doubled."""
    mark = f"{CARD_MARK}{_letters()}"
    body = {"values": _child(mark) | {"birth_date": "2016-02-01"}, "consent_on": visit.day, "is_namesake": True}
    write = Write("card by API", visit.slug, mark)
    _by_program(visit, "/api/v1/cards/student/", body, write=write, name="API: new card")


def new_diploma(visit: Visit) -> None:
    """A row of a card has no unique fact at all; the key alone tells a repeat from a second diploma."""
    mark = f"Н{uuid.uuid4().hex[:16]}"
    body = {"values": {"institution": "КубГУ", "number": mark, "issued_on": "2008-06-30"}}
    address = f"/api/v1/cards/staff/{visit.place['member']}/diplomas/"
    _by_program(visit, address, body, write=Write("row by API", visit.slug, mark), name="API: new row")


def new_learner(visit: Visit) -> None:
    """By the page: sent once, as the button of a form allows; without an answer a person looks in the list first."""
    mark = f"{PAGE_MARK}{_letters()}"
    form = _child(mark) | {"birth_date": "01.02.2016", "citizenship": "RUS", "consent_on": visit.day_written}
    form |= {"guardians-TOTAL_FORMS": "2", "guardians-INITIAL_FORMS": "0"}
    _by_page(visit, "/students/new/", form, write=Write("card by page", visit.slug, mark), name="new learner")


def signing(visit: Visit) -> None:
    """An order that waits for the director; its place has to reach the registry through the worker."""
    waiting = visit.place["orders"]
    if not waiting:
        visit.get("/orders/", name="orders")
        return
    order = waiting.pop()
    write = Write("signing", visit.slug, order)
    _by_page(visit, f"/orders/{order}/sign/", {}, write=write, name="order: sign", login="director")


def _by_program(visit: Visit, address: str, body: dict[str, Any], *, write: Write, name: str) -> None:
    key = str(uuid.uuid4())
    for attempt in range(TRIES):
        visit.noted(write)
        headers = {"Idempotency-Key": key, "Content-Type": "application/json"}
        answer = visit.post(address, json.dumps(body), name=name, login="token", headers=headers, expect=(201,))
        made = json.loads(answer.body)["id"] if answer.is_good else ""
        if visit.settle(write, answer, made=made) or attempt == TRIES - 1:
            return
        visit.wait(PAUSE)


def _by_page(
    visit: Visit, address: str, form: dict[str, str], *, write: Write, name: str, login: str = "secretary"
) -> None:
    visit.noted(write)
    answer = visit.post(address, form, name=name, login=login, expect=(302,))
    visit.settle(write, answer, made=_key_in(answer) if write.kind == "card by page" else "")


def _key_in(answer: Answer) -> str:
    return urlsplit(answer.location).path.rstrip("/").rpartition("/")[2] if answer.is_good else ""


def _child(name: str) -> dict[str, str]:
    return {"last_name": name, "first_name": random.choice(("Артём", "Олег", "Пётр")), "sex": "M"}


def _letters() -> str:
    """A surname's ending that no other write has: names have no digits."""
    return "".join(chr(ord("а") + int(sign, 16)) for sign in uuid.uuid4().hex[:20])


def form_of(fields: dict[str, str]) -> str:
    return urlencode(fields)


# 1 September: at eight everybody opens classes and lists, by noon orders are signed, in the evening families look.
_MORNING = {7: 2.0, 8: 6.0, 9: 4.0}
_OFFICE = {9: 2.0, 10: 3.0, 11: 3.0, 12: 3.0, 13: 2.0}
SCENES: list[Scene] = [
    Scene("home", home, 16, {7: 30, 8: 30, 9: 20}),
    Scene("list of learners", learners, 14),
    Scene("search", search, 8),
    Scene("card of a learner", card, 16),
    Scene("panel of a learner", peek, 6),
    Scene("movement book", movement, 5),
    Scene("classes", classes, 6, {hour: 6 * times for hour, times in _MORNING.items()}),
    Scene("one class", one_class, 8, {hour: 8 * times for hour, times in _MORNING.items()}),
    Scene("orders", orders, 3),
    Scene("learners by API", api_learners, 5),
    Scene("card by API", api_card, 3),
    Scene("who am I by API", api_me, 2),
    Scene("new card by API", new_card, 3, writes=True),
    Scene("new row by API", new_diploma, 2, writes=True),
    Scene("new learner by the page", new_learner, 2, {hour: 2 * times for hour, times in _OFFICE.items()}, writes=True),
    Scene("signing an order", signing, 1, _OFFICE, writes=True),
]
