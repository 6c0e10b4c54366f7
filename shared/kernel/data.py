"""Files of data that the code carries: layouts, rights, classifiers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml


def read_yaml(path: Path) -> Any:  # Any: what YAML holds
    """The content of a file. By libyaml: every process reads a dozen of them at its start, ten times slower without."""
    with path.open("rb") as stream:
        return yaml.load(stream, Loader=yaml.CSafeLoader)
