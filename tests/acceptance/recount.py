"""Count generated files by hand: what the registry must answer, computed without a line of the product.

Standard library only, and nothing imported from the project, so that a mistake cannot stand on both sides.
Usage: ``python recount.py DIRECTORY 2026-09-20 grade,sex``. Source: INTERFACES 5 and 6.
"""

import csv
import json
import re
import sys
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from pathlib import Path

Row = dict[str, str]


def recount(directory: Path, as_of: date, by: Sequence[str], year: int = 2026) -> dict[str, object]:
    """Persons and places counted on a day, by the names of ``dimensions``, in the shape of ``registry count``.

    ``year`` is the academic year of the classes of rows without a departure.
    """
    cells: dict[tuple[str, ...], list[str]] = defaultdict(list)
    everybody: list[str] = []
    with (directory / "organizations.csv").open(encoding="utf-8-sig", newline="") as file:
        organizations = list(csv.DictReader(file))
    for organization in organizations:
        with (directory / f"contingent-{organization['slug']}.csv").open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file, delimiter=";"):
                if not is_counted(row, as_of):
                    continue
                facts = dimensions(row, organization, as_of, year)
                person = who(row, organization["slug"])
                cells[tuple(facts[name] for name in by)].append(person)
                everybody.append(person)
    return {
        "as_of": as_of.isoformat(),
        "by": list(by),
        "rows": [dict(zip(by, key, strict=True)) | totals(people) for key, people in sorted(cells.items())],
        "total": totals(everybody),
    }


def is_counted(row: Row, as_of: date) -> bool:
    """Enrolled on or before the day, not left on or before it, consent recorded."""
    if not row["Согласие на обработку ПДн"] or day(row["Дата зачисления"]) > as_of:
        return False
    return not row["Дата выбытия"] or day(row["Дата выбытия"]) > as_of


def dimensions(row: Row, organization: Row, as_of: date, year: int) -> dict[str, str]:
    """The values a place is counted under on the day."""
    kind = program_kind(row, organization["type"])
    born_on = day(row["Дата рождения"])
    age = as_of.year - born_on.year - (1 if (as_of.month, as_of.day) < (born_on.month, born_on.day) else 0)
    return {
        "organization": organization["slug"],
        "organization_type": organization["type"],
        "municipality": organization["oktmo"],
        "program_kind": kind,
        "grade": grade(row, as_of, year) if kind == "general" else "",
        "sex": {"М": "M", "Ж": "F"}[row["Пол"]],
        "age": str(age),
    }


def program_kind(row: Row, organization_type: str) -> str:
    if row["Программа"] or organization_type == "supplementary":
        return "supplementary"
    if organization_type == "preschool" or (organization_type == "school" and not class_grade(row["Класс"])):
        return "preschool"
    return "general"


def grade(row: Row, as_of: date, year: int) -> str:
    """The grade of the class, known from 1 September of the class's academic year on; before it, nothing."""
    if row["Дата выбытия"]:
        last_counted = date.fromordinal(day(row["Дата выбытия"]).toordinal() - 1)
        year = last_counted.year if last_counted.month >= 9 else last_counted.year - 1
    return class_grade(row["Класс"]) if as_of >= date(year, 9, 1) else ""


def class_grade(label: str) -> str:
    leading = re.match(r"\s*(\d+)", label)
    if leading is None or len(leading[1]) > 2 or not 1 <= int(leading[1]) <= 12:
        return ""
    return str(int(leading[1]))


def who(row: Row, slug: str) -> str:
    """One person across files: by СНИЛС and birth date, else by document and birth date, else within the file."""
    snils = re.sub(r"\D", "", row["СНИЛС"])
    if snils:
        return f"snils {snils} {day(row['Дата рождения'])}"
    if row["Номер"]:
        return f"document {row['Тип документа']} {row['Серия']} {row['Номер']} {day(row['Дата рождения'])}"
    names = " ".join(row[part] for part in ("Фамилия", "Имя", "Отчество"))
    return f"file {slug} {names} {day(row['Дата рождения'])} {row['Пол']}"


def totals(people: Sequence[str]) -> dict[str, int]:
    return {"persons": len(set(people)), "enrollments": len(people)}


def day(text: str) -> date:
    """A day as ДД.ММ.ГГГГ or ISO."""
    if "." in text:
        return date(*(int(part) for part in reversed(text.split("."))))
    return date.fromisoformat(text)


if __name__ == "__main__":
    counted = recount(Path(sys.argv[1]), date.fromisoformat(sys.argv[2]), sys.argv[3].split(","))
    json.dump(counted, sys.stdout, ensure_ascii=False, indent=1)
    sys.stdout.write("\n")
