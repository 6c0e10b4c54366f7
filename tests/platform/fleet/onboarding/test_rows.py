"""Every sentence of INTERFACES 4 about one row of the file."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from fleet.onboarding.preview import ColumnsMissing, check_table
from fleet.onboarding.rows import Outcome
from shared.access.workspaces import RESERVED_SLUGS
from shared.imports.tables import read_table
from tests.platform.fleet.onboarding.surroundings import GOOD, OGRN, check, check_one, directory, known, table_of


def errors(**facts: str) -> dict[str, str]:
    row = check_one(**facts)
    assert (row.outcome == Outcome.REFUSED) is bool(row.errors)
    return {error.field: error.text for error in row.errors}


def test_a_good_row_is_new_and_gets_a_transliterated_address():
    row = check_one()
    assert (row.outcome, row.slug, row.errors, row.warnings) == (Outcome.NEW, "sosh-7", [], [])
    assert (row.territory.region_code, row.territory.oktmo) == ("03", "03608000")


@pytest.mark.parametrize("field", ["full_name", "short_name", "type"])
def test_an_empty_required_field_is_refused(field):
    assert field in errors(**{field: ""})


@pytest.mark.parametrize("columns", [("full_name", "short_name"), ("short_name", "type"), ("full_name", "type")])
def test_a_file_without_an_obligatory_column_is_refused_as_a_whole(columns):
    with pytest.raises(ColumnsMissing):
        check_table(table_of(GOOD, columns=columns), directory(), RESERVED_SLUGS)


def test_an_unknown_type_is_refused_with_the_known_codes():
    assert "preschool" in errors(type="детсад")["type"]


@pytest.mark.parametrize(("field", "value"), [("inn", "7707083894"), ("kpp", "12345"), ("ogrn", "1027700132196")])
def test_a_number_that_fails_its_check_is_refused(field, value):
    assert field in errors(**{field: value})


def test_a_municipality_may_be_named_instead_of_its_code():
    assert check_one(oktmo="", municipality="город  мурманск").territory.oktmo == "47701000"


def test_a_name_that_exists_in_two_regions_asks_for_the_code():
    text = errors(oktmo="", municipality="Красноармейский муниципальный район")["municipality"]
    assert "Укажите oktmo" in text
    assert "Самарская область" in text


def test_a_code_and_a_name_that_contradict_each_other_are_refused():
    assert "Белореченский" in errors(municipality="город Мурманск")["municipality"]


@pytest.mark.parametrize("facts", [{"oktmo": "99999999"}, {"oktmo": "", "municipality": "Верхнее Озеро"}])
def test_an_unknown_municipality_is_refused(facts):
    assert set(errors(**facts)) <= {"oktmo", "municipality"}
    assert errors(**facts)


@pytest.mark.parametrize("oktmo", ["3608000", "03608000101", "восемь"])
def test_a_code_that_is_not_eight_digits_is_refused(oktmo):
    assert "8 цифр" in errors(oktmo=oktmo)["oktmo"]


def test_both_blank_is_regional_subordination_told_by_the_name():
    row = check_one(oktmo="", full_name="государственное учреждение Самарской области «Центр»")
    assert (row.territory.region_code, row.territory.oktmo) == ("36", "")


def test_both_blank_belongs_to_the_region_of_the_installation():
    assert check_one(of=directory(region="47"), oktmo="").territory.region_code == "47"


def test_both_blank_goes_by_the_name_before_the_region_of_the_installation():
    row = check_one(of=directory(region="03"), oktmo="", full_name="государственное учреждение Самарской области")
    assert row.territory.region_code == "36"


def test_both_blank_belongs_to_the_one_region_of_the_rest_of_the_file():
    rows = check({}, {"oktmo": "", "full_name": "Краевой центр", "short_name": "КЦ"}).rows
    assert (rows[1].territory.region_code, rows[1].territory.oktmo) == ("03", "")


def test_both_blank_in_a_file_of_several_regions_is_refused():
    rows = check({}, {"oktmo": "47701000"}, {"oktmo": "", "full_name": "Центр", "short_name": "Ц"}).rows
    assert "oktmo" in rows[2].fields


def test_a_code_of_a_whole_region_is_regional_subordination():
    assert check_one(oktmo="36000000").territory.oktmo == ""
    assert "oktmo" in errors(oktmo="36000000", municipality="город Мурманск")


def test_both_blank_without_a_region_to_be_seen_is_refused_with_the_way_out():
    assert "03000000" in errors(oktmo="")["oktmo"]


@pytest.mark.parametrize("slug", sorted(RESERVED_SLUGS))
def test_a_reserved_address_is_refused_before_anything_else_is_looked_at(slug):
    refused = errors(slug=slug, full_name="", type="нет такого", oktmo="1")
    assert list(refused) == ["slug"]


def test_a_reserved_address_from_a_short_name_is_refused_too():
    assert "Укажите в столбце slug" in errors(short_name="Admin")["slug"]


@pytest.mark.parametrize("slug", ["Школа-7", "school_7", "UPPER", "-school", "school-", "a" * 41])
def test_an_address_of_wrong_letters_or_length_is_refused(slug):
    assert "slug" in errors(slug=slug)


def test_a_long_short_name_gives_an_address_of_forty_characters():
    row = check_one(short_name="Муниципальное бюджетное общеобразовательное учреждение школа имени первого")
    assert len(row.slug) <= 40
    assert not row.errors


def test_a_taken_address_gets_the_center_then_a_number_as_a_warning():
    of = directory(known("sosh-7"))
    preview = check({}, {"full_name": "Другая школа № 7 города Белореченска"}, of=of)
    assert [row.slug for row in preview.rows] == ["sosh-7-belorechensk", "sosh-7-belorechensk-2"]
    assert all(row.warnings and not row.errors for row in preview.rows)


def test_a_given_address_is_not_taken_by_a_transliterated_one_above_it():
    preview = check({}, {"full_name": "Школа со своим адресом", "slug": "sosh-7"})
    assert [row.slug for row in preview.rows] == ["sosh-7-belorechensk", "sosh-7"]


def test_urban_or_rural_may_be_blank_with_a_warning_but_not_anything():
    assert [warning.field for warning in check_one(urban_rural="").warnings] == ["urban_rural"]
    assert "urban_rural" in errors(urban_rural="посередине")


def test_ogrn_and_kpp_are_the_identity_even_under_another_name_and_address():
    of = directory(known("litsey", ogrn=OGRN, kpp="230301001"))
    row = check_one(of=of, ogrn=OGRN, kpp="230301001", slug="other")
    assert (row.outcome, row.slug) == (Outcome.KNOWN, "litsey")
    assert check_one(of=of, ogrn=OGRN, kpp="230302001").outcome == Outcome.NEW


def test_the_given_address_is_the_identity_where_there_is_no_ogrn():
    assert check_one(of=directory(known("sosh-7")), slug="sosh-7").outcome == Outcome.KNOWN


def test_the_full_name_within_the_municipality_is_the_identity_of_last_resort():
    of = directory(known("gymnasium", "средняя школа №7 Города  Белореченска"))
    row = check_one(of=of)
    assert (row.outcome, row.slug, row.errors) == (Outcome.KNOWN, "gymnasium", [])
    assert check_one(of=of, oktmo="47701000").outcome == Outcome.NEW


def test_the_same_organization_twice_in_a_file_is_one():
    preview = check({}, {})
    assert [row.outcome for row in preview.rows] == [Outcome.NEW, Outcome.KNOWN]
    assert "строке 2" in preview.rows[1].warnings[0].text


def test_two_organizations_under_one_ogrn_in_a_file_are_a_mistake_to_correct():
    preview = check({"ogrn": OGRN}, {"ogrn": OGRN, "full_name": "Совсем другая школа"})
    assert [row.outcome for row in preview.rows] == [Outcome.NEW, Outcome.REFUSED]
    assert preview.rows[1].fields == "ogrn"


def test_all_faults_of_a_row_are_named_at_once():
    assert set(errors(inn="1", type="x", oktmo="2", slug="Ы")) == {"inn", "type", "oktmo", "slug"}


def test_unknown_columns_are_reported_and_ignored_and_marks_of_a_refusal_are_not_worth_a_word():
    table = table_of(GOOD, columns=(*GOOD, "source", "row", "field", "reason"))
    preview = check_table(table, directory(), RESERVED_SLUGS)
    assert preview.notes == ["Не читались столбцы: source."]


def test_semicolons_and_a_bom_are_read():
    text = "\ufeff" + ";".join(GOOD) + "\n" + ";".join(GOOD.values()) + "\n"
    preview = check_table(read_table(text.encode(), "x.csv"), directory(), RESERVED_SLUGS)
    assert preview.counts == {"rows": 1, "new": 1, "known": 0, "refused": 0, "warned": 0}


def test_all_real_organizations_pass_and_one_has_no_municipality():
    import fleet
    import shared.organizations
    from fleet.onboarding.directory import Directory, MunicipalityFacts

    register = Path(shared.organizations.__file__).parent / "data" / "municipalities.csv"
    with register.open(encoding="utf-8-sig", newline="") as file:
        places = list(csv.DictReader(file))
    of = Directory(
        {place["oktmo"][:2]: place["region"] for place in places},
        {
            place["oktmo"]: MunicipalityFacts(place["oktmo"], place["oktmo"][:2], place["name"], place["admin_center"])
            for place in places
        },
    )
    source = Path(fleet.__file__).parent / "data" / "organizations.csv"
    preview = check_table(read_table(source), of, RESERVED_SLUGS)
    assert preview.counts["new"] == 102
    assert [row.territory.region_code for row in preview.rows if not row.territory.oktmo] == ["36"]
    assert len({row.slug for row in preview.rows}) == 102
