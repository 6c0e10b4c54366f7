"""Finding known columns in a header row written by a person."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_SAME_SIGN = str.maketrans({"ё": "е", "*": None, "\ufeff": None, "«": '"', "»": '"', "–": "-", "—": "-"})


def header_key(header: str) -> str:
    """What makes two headers the same: spaces, case, ё, the asterisk of a required column do not count."""
    return "".join(header.lower().translate(_SAME_SIGN).split()).rstrip(":")


def repeated_headers(headers: Sequence[str]) -> list[str]:
    """Headers that stand more than once, each named once, as first written; blank ones do not count."""
    counts = Counter(key for header in headers if (key := header_key(header)))
    first = {header_key(header): header.strip() for header in reversed(headers)}
    return [first[key] for key, count in counts.items() if count > 1]


@dataclass(frozen=True, slots=True)
class HeaderMatch:
    """Where each known header stands (header as known → column index) and what is there besides."""

    positions: dict[str, int]
    unknown: list[str]


def match_headers(headers: Sequence[str], known: Iterable[str]) -> HeaderMatch:
    """Find the known headers; the first of equal ones wins, blank headers are passed over."""
    known_keys = {header_key(name): name for name in known}
    positions: dict[str, int] = {}
    unknown: list[str] = []
    for index, header in enumerate(headers):
        key = header_key(header)
        if key in known_keys:
            positions.setdefault(known_keys[key], index)
        elif key:
            unknown.append(header.strip())
    return HeaderMatch(positions, unknown)
