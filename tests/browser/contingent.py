"""Files that the browser tests bring: rows of section 5 of INTERFACES."""

from __future__ import annotations

import csv
import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

TODAY = datetime.datetime.now(ZoneInfo("Europe/Moscow")).date()
YEAR = TODAY.year if TODAY.month >= 9 else TODAY.year - 1


def learner(last_name: str, first_name: str, sex: str, *, group: str = "5А", consent: bool = True) -> dict[str, str]:
    """A row; the child is as old as a fifth grader should be."""
    return {
        "Фамилия": last_name,
        "Имя": first_name,
        "Дата рождения": f"05.03.{YEAR - 11}",
        "Пол": sex,
        "Класс": group,
        "Дата зачисления": f"01.09.{YEAR}",
        "№ приказа": "1-у",
        "Дата приказа": f"28.08.{YEAR}",
        "Согласие на обработку ПДн": f"20.08.{YEAR}" if consent else "",
    }


def written(path: Path, rows: list[dict[str, str]]) -> Path:
    """The rows as a CSV file with their keys for the head."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    return path
