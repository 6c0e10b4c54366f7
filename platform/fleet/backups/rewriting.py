"""Rows on their way into another organization: keys of their own, seals taken off.

Keys are UUIDs made by the application, and nothing else of a row looks like one of them, so a key is replaced wherever
it stands: in its row, in the rows that name it, in the log and in values kept as JSON. Keys that are not of these
tables (accounts, people of the registry) stay.
"""

from __future__ import annotations

import hmac
import re
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

_KEY: Final = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_NULL: Final = b"\\N"


@dataclass
class Lines:
    """Cuts parts of a COPY into lines, each passed on as ``change`` makes it."""

    change: Callable[[bytes], bytes]
    write: Callable[[bytes], object]
    _rest: bytes = field(default=b"", init=False)

    def take(self, part: bytes) -> None:
        *lines, self._rest = (self._rest + part).split(b"\n")
        if lines:
            self.write(b"".join(self.change(line) + b"\n" for line in lines))


def renaming(keys: Iterable[bytes], of: uuid.UUID) -> Callable[[bytes], bytes]:
    """A change that gives every one of these keys the one it has in organization ``of``."""
    names = {key: _new_key(key, of) for key in keys}

    def change(line: bytes) -> bytes:
        return _KEY.sub(lambda found: names.get(found.group(), found.group()), line)

    return change


def emptying(columns: list[str], emptied: Iterable[str]) -> Callable[[bytes], bytes]:
    """A change that leaves these columns without a value."""
    places = [columns.index(column) for column in emptied]

    def change(line: bytes) -> bytes:
        values = line.split(b"\t")
        for place in places:
            values[place] = _NULL
        return b"\t".join(values)

    return change


def _new_key(key: bytes, of: uuid.UUID) -> bytes:
    """The moment of the old key, so that order stays, and a rest that only this organization gives it."""
    old = uuid.UUID(key.decode())
    rest = hmac.digest(of.bytes, old.bytes, "sha256")
    number = int.from_bytes(old.bytes[:6] + rest[:10])
    number = number & ~(0xF << 76) | 7 << 76
    number = number & ~(0x3 << 62) | 2 << 62
    return str(uuid.UUID(int=number)).encode()
