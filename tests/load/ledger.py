"""What a client knows of its writes, and its comparison with what the database holds.

The client notes every write before it is sent and every answer as it comes, in a file that is only appended to. Each
write carries a mark of its own which is found again in the database, so afterwards each mark has an account: an
accepted write is there exactly once, a refused one is not there, one without an answer is there at most once.
"""

from __future__ import annotations

import json
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

SENT: Final = "sent"
ACCEPTED: Final = "accepted"
REFUSED: Final = "refused"
UNANSWERED: Final = "unanswered"  # no answer, or one that says nothing of what became of the write (5xx)


@dataclass(frozen=True)
class Write:
    """One write: a kind, an organization's slug and a mark that no other write has."""

    kind: str
    place: str
    mark: str


Found = Mapping[Write, Iterable[str]]  # keys of the rows that carry the mark


@dataclass
class Account:
    """Everything the client has noted of one write."""

    tries: int = 0
    answers: list[str] = field(default_factory=list)
    made: set[str] = field(default_factory=set)  # keys that the answers named

    @property
    def outcome(self) -> str:
        """What is certain: accepted once is accepted; a refusal counts only if no try was left unanswered."""
        if ACCEPTED in self.answers:
            return ACCEPTED
        if len(self.answers) < self.tries or UNANSWERED in self.answers or not self.answers:
            return UNANSWERED
        return REFUSED


class Ledger:
    """The client's side: one line for each event, on disk before the next one."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("a", encoding="utf-8", buffering=1)

    def note(self, write: Write, event: str, *, made: str = "", status: int = 0) -> None:
        """``made`` is the key that an accepted write's answer names, if it names one."""
        line = {"at": time.time(), "event": event, "kind": write.kind, "place": write.place, "mark": write.mark}
        facts = {"made": made} if made else {}
        self._file.write(json.dumps(line | facts | {"status": status}, ensure_ascii=False) + "\n")


def read(path: Path) -> dict[Write, Account]:
    """The accounts of a ledger file; a last line cut short is left out, as nobody has acted upon it."""
    accounts: dict[Write, Account] = defaultdict(Account)
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            noted = json.loads(line)
        except json.JSONDecodeError:
            continue
        account = accounts[Write(noted["kind"], noted["place"], noted["mark"])]
        if noted["event"] == SENT:
            account.tries += 1
            continue
        account.answers.append(noted["event"])
        if noted.get("made"):
            account.made.add(noted["made"])
    return dict(accounts)


@dataclass
class Comparison:
    """What the database holds against what the client was told."""

    accepted: int = 0
    refused: int = 0
    unanswered_written: int = 0
    unanswered_absent: int = 0
    repeated: int = 0  # accepted after more than one try
    lost: list[Write] = field(default_factory=list)
    doubled: list[Write] = field(default_factory=list)
    misnamed: list[Write] = field(default_factory=list)  # the answer named another row than the one that is there
    refused_but_written: list[Write] = field(default_factory=list)
    unsent: list[Write] = field(default_factory=list)  # in the database, and not in the ledger for that organization

    @property
    def faults(self) -> dict[str, list[Write]]:
        names = ("lost", "doubled", "misnamed", "refused_but_written", "unsent")
        return {name: getattr(self, name) for name in names if getattr(self, name)}


def compare(accounts: Mapping[Write, Account], found: Found) -> Comparison:
    """``found``: every marked row of the database, by its write."""
    result = Comparison()
    rows = {write: list(keys) for write, keys in found.items() if keys}
    for write, account in accounts.items():
        _judge(result, write, account, rows.get(write, []))
    result.unsent = [write for write in rows if write not in accounts]
    return result


def _judge(result: Comparison, write: Write, account: Account, keys: list[str]) -> None:
    if len(keys) > 1 or len(account.made) > 1:
        result.doubled.append(write)
    if account.outcome == ACCEPTED:
        result.accepted += 1
        result.repeated += account.tries > 1
        if not keys:
            result.lost.append(write)
        elif not account.made <= set(keys):
            result.misnamed.append(write)
    elif account.outcome == REFUSED:
        result.refused += 1
        if keys:
            result.refused_but_written.append(write)
    elif keys:
        result.unanswered_written += 1
    else:
        result.unanswered_absent += 1
