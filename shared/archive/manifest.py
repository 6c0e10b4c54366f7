"""The list of contents of a sealed archive: every member with its control sum, and one sum over them all."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final

FORMAT: Final = 1
MANIFEST, SIGNATURE, SUMS, ACT, VERIFY = "manifest.json", "manifest.sig", "SHA256SUMS", "act.pdf", "verify.py"


@dataclass(frozen=True, slots=True)
class Member:
    """One file of the archive; ``rows`` are those of a table under its header, None of anything else."""

    path: str
    sha256: str
    bytes: int
    media_type: str
    part: str = ""
    rows: int | None = None
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PartFacts:
    """A part that went in: what the act says of it."""

    code: str
    title: str
    app: str
    rows: int
    members: list[str]
    remarks: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """``missing`` are files whose content the store has lost; ``key`` is the public one of the signature."""

    system: dict[str, str]
    organization: dict[str, Any]
    number: int
    period: dict[str, Any]
    made_at: str
    made_by: str
    kept_until: str
    key: bytes
    parts: list[PartFacts] = field(default_factory=list)
    left_out: list[dict[str, str]] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    members: list[Member] = field(default_factory=list)

    @property
    def digest(self) -> str:
        return digest_of(self.members)

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256(self.key).hexdigest()

    def as_json(self) -> bytes:
        """Equal contents give equal bytes."""
        facts = asdict(self) | {
            "format": FORMAT,
            "digest": self.digest,
            "key": base64.b64encode(self.key).decode(),
            "fingerprint": self.fingerprint,
            "members": [asdict(member) for member in _sorted(self.members)],
        }
        return json.dumps(facts, ensure_ascii=False, indent=1, sort_keys=True).encode()


def digest_of(members: Iterable[Member]) -> str:
    """The sum over the lines of ``SHA256SUMS`` without the act, which itself bears this sum."""
    lines = "".join(sums_line(one.sha256, one.path) for one in _sorted(members) if one.path != ACT)
    return hashlib.sha256(lines.encode()).hexdigest()


def sums_of(members: Iterable[Member], others: Sequence[tuple[str, bytes]]) -> bytes:
    """The file that ``sha256sum -c`` reads: the members, then the list of contents and its signature."""
    lines = [sums_line(one.sha256, one.path) for one in _sorted(members)]
    lines += [sums_line(hashlib.sha256(content).hexdigest(), path) for path, content in others]
    return "".join(lines).encode()


def sums_line(sha256: str, path: str) -> str:
    return f"{sha256}  {path}\n"


def _sorted(members: Iterable[Member]) -> list[Member]:
    return sorted(members, key=lambda one: one.path)
