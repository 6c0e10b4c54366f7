"""The recount itself counts by the rules, so that its agreement with the registry means something."""

import csv
from datetime import date
from pathlib import Path

import pytest

from tests.acceptance.recount import recount

COLUMNS = [
    "Фамилия",
    "Имя",
    "Отчество",
    "Дата рождения",
    "Пол",
    "СНИЛС",
    "Тип документа",
    "Серия",
    "Номер",
    "Класс",
    "Программа",
    "Дата зачисления",
    "Дата выбытия",
    "Согласие на обработку ПДн",
]


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """A school and a club: Anna goes to both, Boris left on 10 October, Vera has no consent, Gleb no number at all."""
    write(
        tmp_path / "organizations.csv",
        ",",
        ["slug", "type", "oktmo"],
        [
            ["school-1", "school", "03608000"],
            ["club-1", "supplementary", "03608000"],
        ],
    )
    anna = ["Аннина", "Анна", "", "20.09.2015", "Ж", "911-000-000 01", "", "", ""]
    boris = ["Борисов", "Борис", "", "2016-02-29", "М", "", "Паспорт", "03 26", "123456"]
    write(
        tmp_path / "contingent-school-1.csv",
        ";",
        COLUMNS,
        [
            [*anna, "5 «А»", "", "01.09.2022", "", "01.09.2022"],
            [*boris, "4Б", "", "01.09.2023", "10.10.2026", "01.09.2023"],
            ["Верина", "Вера", "", "01.01.2015", "Ж", "", "", "", "", "5А", "", "01.09.2022", "", ""],
            [
                "Глебов",
                "Глеб",
                "",
                "01.01.2021",
                "М",
                "",
                "",
                "",
                "",
                "Дошкольная группа",
                "",
                "01.06.2025",
                "",
                "01.06.2025",
            ],
            [*anna, "Шахматы 1", "Шахматы", "15.09.2026", "", "15.09.2026"],
        ],
    )
    write(
        tmp_path / "contingent-club-1.csv",
        ";",
        COLUMNS,
        [
            [*anna, "Хор", "Хор", "01.10.2026", "", "01.10.2026"],
        ],
    )
    return tmp_path


def write(path: Path, delimiter: str, columns: list[str], rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows([columns, *rows])


def counted(directory: Path, day: str, by: str) -> dict[str, tuple[int, int]]:
    rows = recount(directory, date.fromisoformat(day), [by])["rows"]
    assert isinstance(rows, list)
    return {row[by]: (row["persons"], row["enrollments"]) for row in rows}


def test_grade_belongs_to_the_academic_year_and_to_general_programs(directory: Path) -> None:
    assert counted(directory, "2026-08-31", "grade") == {"": (3, 3)}
    assert counted(directory, "2026-09-20", "grade") == {"4": (1, 1), "5": (1, 1), "": (2, 2)}


def test_the_day_of_departure_is_the_first_not_counted(directory: Path) -> None:
    assert counted(directory, "2026-10-09", "grade")["4"] == (1, 1)
    assert "4" not in counted(directory, "2026-10-10", "grade")


def test_a_child_in_two_organizations_is_one_person(directory: Path) -> None:
    total = recount(directory, date(2026, 10, 1), ["sex"])["total"]
    assert total == {"persons": 3, "enrollments": 5}
    assert counted(directory, "2026-10-01", "sex") == {"F": (1, 3), "M": (2, 2)}


def test_age_is_full_years_on_the_day(directory: Path) -> None:
    assert counted(directory, "2026-09-19", "age")["10"] == (2, 3)
    assert counted(directory, "2026-09-20", "age")["11"] == (1, 2)


def test_program_kind_follows_the_organization_and_the_row(directory: Path) -> None:
    kinds = counted(directory, "2026-10-01", "program_kind")
    assert kinds == {"general": (2, 2), "preschool": (1, 1), "supplementary": (1, 2)}
