"""How long and where hard copies are kept: data with their source. Source: R-378."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from shared.kernel.data import read_yaml

_FILE: Final = Path(__file__).parent / "data/hard_copies.yaml"
GENERAL: Final = "(сведения общего характера)"


@dataclass(frozen=True, slots=True)
class HardCopy:
    """What becomes of a printed paper of a kind."""

    term: str
    place: str
    source: str
    is_general: bool
    is_handed_out: bool

    @property
    def term_text(self) -> str:
        return f"{self.term} {GENERAL}" if self.is_general else self.term


@cache
def hard_copies() -> dict[str, HardCopy]:
    """By the code of the kind of paper."""
    raw: dict[str, Any] = read_yaml(_FILE)  # Any: what YAML holds
    return {kind: HardCopy(**facts) for kind, facts in raw.items()}
