"""How far filling the demonstration has come: a file beside its data, so that Ctrl-C costs only the step it met."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path


@dataclass
class DemoState:
    """Finished steps and what the demonstration was asked to be; kept in ``DATA_DIR/demo``, open to its owner only."""

    folder: Path
    learners: int = 0
    imported: list[str] = field(default_factory=list)
    passwords: dict[str, str] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    school: str = ""
    places: dict[str, str] = field(default_factory=dict)
    done: list[str] = field(default_factory=list)
    is_complete: bool = False

    @property
    def source(self) -> Path:
        """Generated files of INTERFACES 4 and 5."""
        return self.folder / "source"

    @property
    def _file(self) -> Path:
        return self.folder / "state.json"

    @classmethod
    def read(cls, data_dir: Path) -> DemoState:
        state = cls(folder=data_dir / "demo")
        if state._file.exists():
            for name, value in json.loads(state._file.read_text(encoding="utf-8")).items():
                setattr(state, name, value)
        return state

    def write(self) -> None:
        """Whole or not at all: passwords stand here before the accounts that have them."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        facts = asdict(self)
        del facts["folder"]
        draft = self._file.with_suffix(".draft")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            json.dump(facts, file, ensure_ascii=False, indent=1)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._file)
