"""Classes and groups of an invented organization, with the ages that belong in them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import Final

from fleet.generation.sketches import OrganizationSketch
from fleet.generation.wordlists import GROUP_NAMES, PROGRAMS, Program

LETTERS: Final = "АБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЭЮЯ"
# How many learners a grade has beside the others.
GRADE_WEIGHTS: Final = {grade: 1.12 if grade <= 4 else 1.0 if grade <= 9 else 0.5 for grade in range(1, 12)}
# Share of a kindergarten's children in each age band of the classifier.
BANDS: Final = {
    (1, 2): ("Первая группа раннего возраста", 0.06),
    (2, 3): ("Вторая группа раннего возраста", 0.15),
    (3, 4): ("Младшая группа", 0.19),
    (4, 5): ("Средняя группа", 0.20),
    (5, 6): ("Старшая группа", 0.20),
    (6, 7): ("Подготовительная к школе группа", 0.20),
}
CLASS_SET_CAPACITY: Final = 25
_LABELS: Final = ("{grade}{letter}", "{grade}-{letter}", "{grade} «{letter}»", "{grade} {letter}")
_FINANCING: Final = (
    "Бюджет (государственное, муниципальное задание)",
    "Социальный сертификат (персонифицированное финансирование)",
    "Платно",
)
_FULL_DAY: Final = "Полный день (10,5-12 часов)"
_SHORT_DAY: Final = "Сокращённый день (8-10 часов)"
_FEW_HOURS: Final = "Кратковременное пребывание (до 5 часов)"


@dataclass(frozen=True, slots=True)
class Group:
    """One class or group; texts are values of the contingent file."""

    label: str
    level: str
    size: int
    born: tuple[date, date]
    grade: int | None = None
    kind: str = ""
    age_band: str = ""
    stay: str = ""
    class_set: str = ""
    shift: str = ""
    program: str = ""
    direction: str = ""
    financing: str = ""
    health_limits: bool | None = None

    @property
    def key(self) -> str:
        """Groups of the same key in two organizations may exchange learners."""
        return f"{self.level} {self.grade or self.age_band}"


def split(total: int, weights: Sequence[float]) -> list[int]:
    """Divide whole people by weights; the largest remainders get what is left over."""
    exact = [total * weight / sum(weights) for weight in weights]
    parts = [int(part) for part in exact]
    by_remainder = sorted(range(len(exact)), key=lambda index: parts[index] - exact[index])
    for index in by_remainder[: total - sum(parts)]:
        parts[index] += 1
    return parts


def school_groups(org: OrganizationSketch, learners: int, term_start: date, rng: Random) -> list[Group]:
    """Classes of a school, in some villages with a preschool group."""
    last_grade = 9 if org.is_called("основная", "оош") else 11
    with_preschool = org.is_rural and learners >= 30 and rng.random() < 0.4
    preschool = learners // 9 if with_preschool else 0
    grades = range(1, last_grade + 1)
    in_grade = split(learners - preschool, [GRADE_WEIGHTS[grade] * rng.uniform(0.9, 1.1) for grade in grades])
    label = rng.choice(_LABELS)
    special = rng.choice(grades[1:7]) if learners >= 350 else None
    classes = [
        group
        for grade, count in zip(grades, in_grade, strict=True)
        for group in _classes_of_grade(org, grade, count, label, term_start, has_special=grade == special, rng=rng)
    ]
    if org.is_rural:
        classes = _with_class_sets(classes)
    mixed = [_mixed_group("Дошкольная группа", preschool, term_start)] if preschool else []
    return classes + mixed


def kindergarten_groups(org: OrganizationSketch, learners: int, term_start: date, rng: Random) -> list[Group]:
    """Groups of a kindergarten: by ages, or of mixed ages where children are few."""
    names = rng.sample(GROUP_NAMES, len(GROUP_NAMES))
    if learners < 60:
        halves = split(learners, [1.0] * max(1, round(learners / 20)))
        return [_mixed_group(_group_name(names, index), size, term_start) for index, size in enumerate(halves) if size]
    groups: list[Group] = []
    in_band = split(learners, [share for _label, share in BANDS.values()])
    for ((youngest, oldest), (band, _share)), count in zip(BANDS.items(), in_band, strict=True):
        capacity = 16 if oldest <= 3 else 24
        for size in split(count, [1.0] * max(1, -(-count // capacity))):
            born = (_years_before(term_start, oldest), _years_before(term_start, youngest) - timedelta(days=1))
            stay = _SHORT_DAY if org.is_rural else _FULL_DAY
            common = Group(_group_name(names, len(groups)), "preschool", size, born, age_band=band, stay=stay)
            groups.append(replace(common, kind="Общеразвивающая"))
    return _with_special_groups(groups, rng)


def club_groups(learners: int, term_start: date, rng: Random, *, programs: Sequence[Program] = PROGRAMS) -> list[Group]:
    """Groups of supplementary programs, all six directions before any repeats."""
    groups: list[Group] = []
    for index, size in enumerate(split(learners, [1.0] * max(1, round(learners / 13)))):
        program = programs[index % len(programs)]
        turn = index // len(programs)
        middle = (program.youngest + program.oldest) // 2
        youngest, oldest = (program.youngest, middle) if turn % 2 == 0 else (middle, program.oldest)
        chance = rng.random()
        groups.append(
            Group(
                label=f"{program.name}, группа {turn + 1}",
                level="supplementary",
                size=size,
                born=(_years_before(term_start, oldest + 1), _years_before(term_start, youngest)),
                program=program.name,
                direction=program.direction,
                financing=_FINANCING[0 if chance < 0.7 else 1 if chance < 0.88 else 2],
            )
        )
    return groups


def _classes_of_grade(
    org: OrganizationSketch, grade: int, count: int, label: str, term_start: date, *, has_special: bool, rng: Random
) -> Iterator[Group]:
    special = min(10, count // 4) if has_special else 0
    usual = count - special
    sizes = split(usual, [rng.uniform(0.9, 1.1) for _ in range(max(1, -(-usual // (16 if org.is_rural else 27))))])
    first_term = term_start.year - grade + 1
    # From 6 years 7 months to 7 years 9 months on 1 September of the first grade.
    born = (date(first_term - 8, 12, 1), date(first_term - 6, 1, 31))
    two_shifts = not org.is_rural and len(sizes) >= 3 and grade in (2, 3, 6, 7, 8)
    for index, size in enumerate(sizes):
        yield Group(
            label=label.format(grade=grade, letter=LETTERS[index % len(LETTERS)]),
            level="school",
            size=size,
            born=born,
            grade=grade,
            kind=_class_kind(org, grade, index, rng),
            shift="2" if two_shifts and index >= len(sizes) // 2 else "1",
        )
    if special:
        letter = LETTERS[len(sizes) % len(LETTERS)]
        kind = rng.choice(
            (
                "Отдельный класс для обучающихся с ОВЗ",
                "Класс для обучающихся с умственной отсталостью (интеллектуальными нарушениями)",
            )
        )
        special_label = label.format(grade=grade, letter=letter)
        yield Group(special_label, "school", special, born, grade, kind, shift="1", health_limits=True)


def _class_kind(org: OrganizationSketch, grade: int, index: int, rng: Random) -> str:
    if grade >= 5 and org.is_called("гимназия"):
        return "Гимназический"
    if grade >= 5 and org.is_called("лицей"):
        return "Лицейский"
    if grade >= 5 and index == 0 and not org.is_rural and rng.random() < 0.3:
        return "С углублённым изучением отдельных предметов"
    return "Обычный"


def _with_class_sets(classes: list[Group]) -> list[Group]:
    """In a small village the first grade sits with the third and the second with the fourth, if one room holds both."""
    sets: dict[str, str] = {}
    for pair in ((1, 3), (2, 4)):
        joined = [group for group in classes if group.grade in pair and group.size]
        if len(joined) == 2 and sum(group.size for group in joined) <= CLASS_SET_CAPACITY:
            sets.update((group.label, f"Комплект {pair[0]} и {pair[1]}") for group in joined)
    return [replace(group, class_set=sets.get(group.label, "")) for group in classes]


def _with_special_groups(groups: list[Group], rng: Random) -> list[Group]:
    """In a large kindergarten one group compensates, one is combined, the last of the youngest stays a few hours."""
    if len(groups) < 6:
        return groups
    older = [index for index, group in enumerate(groups) if group.age_band in ("Средняя группа", "Старшая группа")]
    compensating, combined = rng.sample(older, 2)
    special = list(groups)
    special[compensating] = replace(groups[compensating], kind="Компенсирующая", health_limits=True)
    special[combined] = replace(groups[combined], kind="Комбинированная")
    if rng.random() < 0.5:
        special[0] = replace(groups[0], kind="Группа по присмотру и уходу", stay=_FEW_HOURS)
    return special


def _mixed_group(label: str, size: int, term_start: date) -> Group:
    born = (_years_before(term_start, 7), _years_before(term_start, 2))
    band, kind = "Разновозрастная группа", "Общеразвивающая"
    return Group(label, "preschool", size, born, kind=kind, age_band=band, stay=_SHORT_DAY)


def _group_name(names: Sequence[str], index: int) -> str:
    turn = index // len(names)
    return f"{names[index % len(names)]}{f' {turn + 1}' if turn else ''}"


def _years_before(day: date, years: int) -> date:
    return day.replace(year=day.year - years)
