"""A directory of generated files: ``organizations.csv`` and one ``contingent-<slug>.csv`` for each organization."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random
from typing import Final

from fleet.generation.contingent import contingent_rows
from fleet.generation.groups import split
from fleet.generation.people import World
from fleet.generation.sketches import (
    COLUMNS,
    OrganizationSketch,
    SourceOrganizations,
    invent_organizations,
    read_register,
)

# A constant, not the day of the call: the bytes depend on the arguments alone.
AS_OF: Final = date(2026, 11, 20)

HEADERS: Final = (
    "Фамилия",
    "Имя",
    "Отчество",
    "Дата рождения",
    "Пол",
    "СНИЛС",
    "Гражданство",
    "Тип документа",
    "Серия",
    "Номер",
    "Дата выдачи",
    "Кем выдан",
    "Класс",
    "Параллель",
    "Программа",
    "Направленность",
    "Вид класса (группы)",
    "Возрастная категория",
    "Режим пребывания",
    "Источник финансирования",
    "Класс-комплект",
    "Смена",
    "Форма обучения",
    "ОВЗ",
    "Инвалидность",
    "Дата зачисления",
    "№ приказа",
    "Дата приказа",
    "Дата выбытия",
    "Причина выбытия",
    "№ приказа о выбытии",
    "Дата приказа о выбытии",
    "Адрес места жительства",
    "Адрес регистрации",
    "Телефон",
    "Эл. почта",
    "Представитель: Фамилия",
    "Представитель: Имя",
    "Представитель: Отчество",
    "Представитель: Степень родства",
    "Представитель: Телефон",
    "Согласие на обработку ПДн",
)

# How many new people an organization of a type brings: in a town, in a village.
_WEIGHTS: Final = {"school": (900, 210), "preschool": (260, 70), "supplementary": (90, 45)}


@dataclass(frozen=True, slots=True)
class GenerationReport:
    """What was written; ``learners`` are people, ``places`` rows."""

    organizations: int
    learners: int
    places: int
    departures: int
    without_consent: int
    directory: Path


def generate(
    *,
    organizations: int,
    learners: int,
    seed: int,
    to: Path,
    source: SourceOrganizations | None = None,
    as_of: date = AS_OF,
) -> GenerationReport:
    """Write invented people of ``organizations`` organizations, or of those of ``source``, into a directory.

    Exactly ``learners`` different people; more rows, for some have several places. The movements of the academic year
    end on ``as_of``. The same arguments give the same bytes.
    """
    rng = Random(seed)
    sketches = invent_organizations(organizations, rng) if source is None else source[:organizations]
    to.mkdir(parents=True, exist_ok=True)
    write_organizations(to / "organizations.csv", sketches)
    return _write_people(sketches, learners, rng, World(as_of), to)


def demo_files(
    *,
    organizations_csv: Path,
    region_prefix: str,
    learners: int,
    seed: int,
    to: Path,
    slugs: Mapping[int, str] | None = None,
) -> GenerationReport:
    """The same for the real organizations of one region of the register file, their values kept.

    ``slugs``: see ``read_register``. The slug of every organization stands in the written ``organizations.csv``.
    """
    source = read_register(organizations_csv, region_prefix=region_prefix, slugs=slugs)
    return generate(organizations=len(source), learners=learners, seed=seed, to=to, source=source)


def write_organizations(path: Path, sketches: SourceOrganizations) -> None:
    """The file of INTERFACES 4."""
    _write(path, COLUMNS, (sketch.line for sketch in sketches), delimiter=",")


def write_contingent(path: Path, rows: Iterable[Mapping[str, str]]) -> None:
    """The file of INTERFACES 5."""
    _write(path, HEADERS, rows, delimiter=";")


def _write_people(
    sketches: SourceOrganizations, learners: int, rng: Random, world: World, to: Path
) -> GenerationReport:
    """Supplementary organizations come last: they teach those who live there already."""
    shares = split(learners, [_weight(sketch, rng) for sketch in sketches])
    places = departures = without_consent = 0
    for sketch, share in sorted(zip(sketches, shares, strict=True), key=lambda pair: pair[0].type == "supplementary"):
        rows = contingent_rows(sketch, share, rng, world)
        write_contingent(to / f"contingent-{sketch.slug}.csv", rows)
        places += len(rows)
        departures += sum(1 for row in rows if row["Дата выбытия"])
        without_consent += sum(1 for row in rows if not row["Согласие на обработку ПДн"])
    people = sum(len(residents) for residents in world.residents.values())
    return GenerationReport(len(sketches), people, places, departures, without_consent, to)


def _weight(sketch: OrganizationSketch, rng: Random) -> float:
    town, village = _WEIGHTS.get(sketch.type, (0, 0))
    return village * rng.uniform(0.25, 1.5) if sketch.is_rural else town * rng.uniform(0.6, 1.4)


def _write(path: Path, columns: Iterable[str], rows: Iterable[Mapping[str, str]], *, delimiter: str) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(columns), delimiter=delimiter, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
