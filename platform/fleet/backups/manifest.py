"""What a backup says about itself: the last member but one of its file, so a cut-off file has none."""

from __future__ import annotations

import datetime
import json
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from fleet.backups.errors import BackupDamaged

FORMAT: Final = 1
MANIFEST, CHECKSUM, PUBLIC = "manifest.json", "manifest.sha256", "public.json"
TABLES, FILES = "tables/", "files/"
SUFFIX: Final = ".asuso"


@dataclass(frozen=True, slots=True)
class TableFacts:
    """One table: its columns in the order of the data, and what the data must be."""

    columns: list[str]
    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Content:
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class ChainHead:
    """Where the chain of the organization's log stood."""

    last_no: int
    last_seal: str
    sealed_at: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """``organization`` are the facts of its public row; ``missing`` are files whose content was not in the store."""

    slug: str
    schema: str
    taken_at: str
    fingerprint: str
    organization: dict[str, Any]
    migrations: list[list[str]]
    tables: dict[str, TableFacts]
    sequences: dict[str, int]
    public: Content
    files: dict[str, int]
    missing: list[str] = field(default_factory=list)
    chain: ChainHead | None = None
    format: int = FORMAT

    def as_json(self) -> bytes:
        return json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True).encode()

    @property
    def moment(self) -> datetime.datetime:
        return datetime.datetime.fromisoformat(self.taken_at)

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables.values())


def read_manifest(text: bytes, name: str) -> Manifest:
    """Raises: BackupDamaged."""
    try:
        raw = json.loads(text)
        if raw["format"] != FORMAT:
            raise BackupDamaged(name=name, reason=f"вид файла № {raw['format']} этой программе неизвестен")
        return Manifest(
            **{
                **raw,
                "tables": {table: TableFacts(**facts) for table, facts in raw["tables"].items()},
                "public": Content(**raw["public"]),
                "chain": ChainHead(**raw["chain"]) if raw["chain"] else None,
            }
        )
    except (ValueError, KeyError, TypeError) as error:
        raise BackupDamaged(name=name, reason="опись не читается") from error
