"""Generated files are right by every rule that an import checks, and depend on nothing but their arguments."""

import csv
import re
from collections import Counter, defaultdict
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest

from fleet.generation import demo_files, generate
from fleet.generation.files import AS_OF, HEADERS
from fleet.generation.naming import patronymic_of, surname_of
from fleet.generation.sketches import COLUMNS
from shared.classifiers.catalog import load_catalog
from shared.kernel.classlabel import parse_class_label
from shared.kernel.identifiers import check_inn, check_kpp, check_ogrn, normalize_snils
from shared.kernel.names import clean_name

Row = dict[str, str]
REGISTER = Path(str(files("fleet"))) / "data" / "organizations.csv"
TERM = date(2026, 9, 1)


def read(path: Path, delimiter: str = ";") -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def day(text: str) -> date:
    return date(int(text[6:]), int(text[3:5]), int(text[:2]))


class Generated:
    """A small world read back from its files."""

    def __init__(self, directory: Path) -> None:
        self.organizations = read(directory / "organizations.csv", ",")
        self.rows = {line["slug"]: read(directory / f"contingent-{line['slug']}.csv") for line in self.organizations}
        self.types = {line["slug"]: line["type"] for line in self.organizations}

    @property
    def all_rows(self) -> list[Row]:
        return [row for rows in self.rows.values() for row in rows]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Generated:
    directory = tmp_path_factory.mktemp("generated")
    generate(organizations=12, learners=3000, seed=7, to=directory)
    return Generated(directory)


def person_of(row: Row) -> str:
    return row["СНИЛС"] or f"{row['Тип документа']} {row['Серия']} {row['Номер']}"


def level_of(row: Row, organization_type: str) -> str:
    if row["Программа"] or organization_type == "supplementary":
        return "supplementary"
    return "school" if row["Параллель"] else "preschool"


def test_same_seed_gives_same_bytes_and_another_seed_other_people(tmp_path: Path) -> None:
    for name, seed in (("one", 5), ("two", 5), ("other", 6)):
        generate(organizations=5, learners=200, seed=seed, to=tmp_path / name)
    written = {name: {f.name: f.read_bytes() for f in (tmp_path / name).iterdir()} for name in ("one", "two", "other")}
    assert written["one"] == written["two"]
    assert written["one"] != written["other"]


@pytest.mark.parametrize(("organizations", "learners"), [(1, 1), (3, 0), (4, 3), (2, 400), (60, 500)])
def test_exactly_as_many_people_and_organizations_as_asked(tmp_path: Path, organizations: int, learners: int) -> None:
    report = generate(organizations=organizations, learners=learners, seed=1, to=tmp_path)
    found = Generated(tmp_path)
    assert report.organizations == len(found.organizations) == organizations
    assert report.learners == len({person_of(row) for row in found.all_rows}) == learners
    assert report.places == len(found.all_rows) >= learners


def test_organizations_have_their_columns_and_right_test_numbers(world: Generated) -> None:
    assert list(world.organizations[0]) == list(COLUMNS)
    for line in world.organizations:
        assert check_inn(line["inn"]).startswith("0000")
        assert check_kpp(line["kpp"])
        assert check_ogrn(line["ogrn"])[3:5] == "00"
        assert re.fullmatch(r"03\d{6}", line["oktmo"])
        assert re.fullmatch(r"[a-z0-9-]{1,40}", line["slug"])
    for column in ("slug", "ogrn", "inn"):
        assert len({line[column] for line in world.organizations}) == len(world.organizations)
    assert set(world.types.values()) == {"school", "preschool", "supplementary"}


def test_headers_are_those_of_the_contract(world: Generated) -> None:
    assert list(world.all_rows[0]) == list(HEADERS)
    assert len(HEADERS) == 42


def test_required_fields_are_filled_and_names_need_no_correction(world: Generated) -> None:
    for row in world.all_rows:
        for field in ("Фамилия", "Имя", "Дата рождения", "Класс", "Дата зачисления", "№ приказа", "Дата приказа"):
            assert row[field]
        assert row["Пол"] in {"М", "Ж"}
        for part in ("Фамилия", "Имя", "Отчество"):
            assert clean_name(row[part]) == (row[part], False)


def test_snils_are_valid_and_belong_to_one_person(world: Generated) -> None:
    owners = defaultdict(set)
    for row in world.all_rows:
        if row["СНИЛС"]:
            owners[normalize_snils(row["СНИЛС"])].add((row["Фамилия"], row["Имя"], row["Дата рождения"]))
    assert len(owners) > 2500
    assert all(len(people) == 1 for people in owners.values())


def test_documents_fit_the_age_and_belong_to_one_person(world: Generated) -> None:
    forms = {
        "Свидетельство о рождении": r"(I|II|III|IV|V|VI)-АГ \d{6}",
        "Паспорт гражданина РФ": r"03 \d\d \d{6}",
        "Паспорт иностранного гражданина": r" [A-Z]\d{8}",
    }
    owners = defaultdict(set)
    for row in world.all_rows:
        number = f"{row['Серия']} {row['Номер']}"
        assert re.fullmatch(forms[row["Тип документа"]], number)
        owners[row["Тип документа"], number].add((row["Фамилия"], row["Имя"], row["Дата рождения"]))
        born_on, issued_on = day(row["Дата рождения"]), day(row["Дата выдачи"])
        assert born_on < issued_on <= AS_OF
        if row["Тип документа"] == "Паспорт гражданина РФ":
            assert (issued_on - born_on).days >= 14 * 365
    assert all(len(people) == 1 for people in owners.values())


def test_values_are_those_of_the_classifiers(world: Generated) -> None:
    catalog = load_catalog()
    classifiers = {
        "Тип документа": ["document_type"],
        "Гражданство": ["country"],
        "Направленность": ["program_direction"],
        "Вид класса (группы)": ["class_type", "group_orientation"],
        "Возрастная категория": ["age_band"],
        "Режим пребывания": ["stay_regime"],
        "Источник финансирования": ["financing_kind"],
        "Причина выбытия": ["movement_type"],
        "Представитель: Степень родства": ["guardian_relation"],
    }
    for field, names in classifiers.items():
        for value in {row[field] for row in world.all_rows} - {""}:
            assert any(catalog.resolve(name, value) for name in names), f"{field}: {value}"


def test_days_follow_each_other(world: Generated) -> None:
    for row in world.all_rows:
        enrolled_on = day(row["Дата зачисления"])
        assert day(row["Дата рождения"]) < enrolled_on <= AS_OF
        assert day(row["Дата приказа"]) <= enrolled_on
        leaving = [row[field] for field in ("Дата выбытия", "Причина выбытия", "№ приказа о выбытии")]
        assert all(leaving) or not any(leaving)
        if row["Дата выбытия"]:
            assert max(enrolled_on, TERM) < day(row["Дата выбытия"]) <= AS_OF
            assert day(row["Дата приказа о выбытии"]) <= day(row["Дата выбытия"])


def test_one_order_enrolls_many_on_one_day(world: Generated) -> None:
    for rows in world.rows.values():
        days = defaultdict(set)
        for row in rows:
            days[row["№ приказа"], row["Дата приказа"]].add(row["Дата зачисления"])
        assert all(len(enrolled) == 1 for enrolled in days.values())
        assert len(days) <= max(1, len(rows) // 2)


def test_ages_fit_grades_and_labels_agree_with_grades(world: Generated) -> None:
    for row in world.all_rows:
        label = parse_class_label(row["Класс"])
        assert str(label.grade or "") == row["Параллель"]
        if label.grade:
            years = (TERM - day(row["Дата рождения"])).days / 365.25
            assert label.grade + 5.5 <= years <= label.grade + 7


def test_attributes_of_a_group_do_not_contradict_each_other(world: Generated) -> None:
    shared = ("Вид класса (группы)", "Возрастная категория", "Режим пребывания", "Класс-комплект", "Смена")
    for rows in world.rows.values():
        seen: dict[str, tuple[str, ...]] = {}
        for row in rows:
            values = tuple(row[field] for field in (*shared, "Программа", "Направленность", "Источник финансирования"))
            assert seen.setdefault(row["Класс"], values) == values


def test_nobody_has_two_open_basic_places_of_one_level_in_one_organization(world: Generated) -> None:
    for slug, rows in world.rows.items():
        places = Counter(
            (person_of(row), level_of(row, world.types[slug]))
            for row in rows
            if not row["Дата выбытия"] and level_of(row, world.types[slug]) != "supplementary"
        )
        assert max(places.values(), default=0) <= 1


def test_no_place_is_written_twice(world: Generated) -> None:
    for rows in world.rows.values():
        keys = Counter((person_of(row), row["Класс"], row["Дата зачисления"]) for row in rows)
        assert max(keys.values(), default=0) <= 1


def test_children_of_one_family_and_one_child_are_met_in_several_organizations(world: Generated) -> None:
    organizations_of_family, organizations_of_person = defaultdict(set), defaultdict(set)
    for slug, rows in world.rows.items():
        for row in rows:
            organizations_of_family[row["Телефон"], row["Адрес места жительства"]].add(slug)
            organizations_of_person[person_of(row)].add(slug)
    assert len({phone for phone, _address in organizations_of_family}) == len(organizations_of_family)
    assert sum(len(slugs) > 1 for slugs in organizations_of_person.values()) > 50
    assert sum(len(slugs) > 1 for slugs in organizations_of_family.values()) > 100


def test_a_few_rows_wait_for_consent_and_a_person_has_one_answer_in_an_organization(world: Generated) -> None:
    without = [row for row in world.all_rows if not row["Согласие на обработку ПДн"]]
    assert 0.005 < len(without) / len(world.all_rows) < 0.03
    for rows in world.rows.values():
        answers = defaultdict(set)
        for row in rows:
            answers[person_of(row)].add(row["Согласие на обработку ПДн"])
        assert all(len(answer) == 1 for answer in answers.values())


def test_the_awkward_cases_are_there(world: Generated) -> None:
    names = {(row["Фамилия"], row["Имя"]) for row in world.all_rows}
    assert ("Хворостьянов-Задунайский", "Константин") in names
    assert any("ё" in surname for surname, _name in names)
    values = {field: {row[field] for row in world.all_rows} for field in HEADERS}
    assert len(values["Направленность"] - {""}) == 6
    assert len(values["Источник финансирования"] - {""}) >= 2
    assert values["Класс-комплект"] - {""}
    assert values["Гражданство"] - {""}
    assert {"да", "нет"} == values["ОВЗ"] == values["Инвалидность"]
    assert len(values["Вид класса (группы)"]) >= 5


def test_real_organizations_of_a_region_keep_their_values(tmp_path: Path) -> None:
    report = demo_files(
        organizations_csv=REGISTER, region_prefix="03", learners=900, seed=3, to=tmp_path, slugs={0: "sad-3"}
    )
    real = [row for row in read(REGISTER, ",") if row["oktmo"].startswith("03")]
    found = Generated(tmp_path)
    assert (report.organizations, report.learners) == (45, 900)
    assert found.organizations[0]["slug"] == "sad-3"
    assert len(found.rows) == 45
    for written, row in zip(found.organizations, real, strict=True):
        assert all(written[column] == row[column] for column in COLUMNS if column != "slug")


@pytest.mark.parametrize(
    ("masculine", "feminine"),
    [
        ("Соловьёв", "Соловьёва"),
        ("Хворостьянов-Задунайский", "Хворостьянова-Задунайская"),
        ("Толстой", "Толстая"),
        ("Шевченко", "Шевченко"),
        ("Черных", "Черных"),
        ("Мамин-Сибиряк", "Мамина-Сибиряк"),
    ],
)
def test_surnames_agree_with_sex(masculine: str, feminine: str) -> None:
    assert surname_of(masculine, "F") == feminine
    assert surname_of(masculine, "M") == masculine


@pytest.mark.parametrize(
    ("father", "son", "daughter"),
    [
        ("Фёдор", "Фёдорович", "Фёдоровна"),
        ("Сергей", "Сергеевич", "Сергеевна"),
        ("Игорь", "Игоревич", "Игоревна"),
        ("Юрий", "Юрьевич", "Юрьевна"),
        ("Дмитрий", "Дмитриевич", "Дмитриевна"),
        ("Илья", "Ильич", "Ильинична"),
        ("Никита", "Никитич", "Никитична"),
        ("Лев", "Львович", "Львовна"),
    ],
)
def test_patronymics_agree_with_sex(father: str, son: str, daughter: str) -> None:
    assert (patronymic_of(father, "M"), patronymic_of(father, "F")) == (son, daughter)
