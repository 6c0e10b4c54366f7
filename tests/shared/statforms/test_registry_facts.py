"""Forms over the real registry: territories add up, and every number has its list."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shared.contingent.counts import Territory, parse_territory
from shared.statforms.behind import groups, number, parts, places
from shared.statforms.bindings import Measure, drill
from shared.statforms.compute import ComputedForm
from shared.statforms.registry_facts import RegistryFacts
from shared.statforms.services import compute_form, stored_form
from shared.tenancy import scopes
from tests.tenants.districts import DAY, fill

FORMS = ("ОО-1", "85-К", "1-ДОД")


@pytest.fixture
def filled(school, other_school):
    fill(school, other_school)
    return school, other_school


def computed(code: str, scope: str, *, as_of: datetime.date = DAY) -> ComputedForm:
    with scopes.enter(scopes.of_projector().reading()):
        territory = parse_territory(scope, default_region="03")
        source = RegistryFacts(as_of=as_of, territory=territory)
        return compute_form(code=code, source=source, as_of=as_of, scope_label=territory.label)


@pytest.mark.parametrize("code", FORMS)
def test_the_region_is_the_sum_of_municipalities_and_of_organizations(filled, code):
    _layout, bindings = stored_form_of(code)
    additive = [cell for cell, binding in bindings.cells.items() if binding.measure is not Measure.PERSONS]
    region = computed(code, "region").values
    by_municipality = [computed(code, f"municipality:{oktmo}").values for oktmo in ("03608000", "03601000")]
    by_organization = [computed(code, f"organization:{one.organization.slug}").values for one in filled]
    checked = 0
    for cell in additive:
        for sheets in (by_municipality, by_organization):
            values = [sheet[cell] for sheet in sheets]
            if None not in values:
                assert region[cell] == sum(values), cell
                checked += bool(region[cell])
    assert checked


@pytest.mark.parametrize("code", FORMS)
def test_behind_every_number_stands_a_list_of_that_length(filled, code):
    layout, bindings = stored_form_of(code)
    opened = 0
    with scopes.enter(scopes.of_projector().reading()):
        territory = Territory(region="03")
        for cell, value in computed_values(code, territory).items():
            behind = drill(layout, bindings, cell, as_of=DAY)
            if behind is None or not value:
                continue
            about = {"as_of": DAY, "territory": territory}
            if behind.measure.counts_learners:
                assert len(places(behind, **about, with_names=True)) == value, cell
                assert number(behind, **about) == value
                assert sum(part.number for part in parts(behind, "municipality", **about)) == value
                assert sum(part.number for part in parts(behind, "group", **about)) == value
            elif behind.measure is Measure.GROUPS:
                assert len(groups(behind, **about)) == value, cell
            opened += 1
    assert opened > 3


def test_a_known_cell_of_the_age_table_counts_the_fifth_graders(filled):
    values = {tuple(cell): value for cell, value in computed("ОО-1", "organization:school-1").values.items()}
    assert values["СО-1", "01", "3"] == 3
    assert values["СО-1", "02", "3"] == 1
    assert values["СО-1", "01", "8"] == 3  # the fifth grade
    assert values["2.1.1", "01", "3"] == 1  # one ordinary class


def test_the_past_day_is_counted_as_it_was(filled):
    before = {tuple(cell): value for cell, value in computed("ОО-1", "region", as_of=DAY.replace(day=9)).values.items()}
    after = {tuple(cell): value for cell, value in computed("ОО-1", "region").values.items()}
    assert before["СО-1", "01", "3"] == after["СО-1", "01", "3"] + 1


def test_one_child_of_two_programs_is_one_person(filled, school):
    values = {tuple(cell): value for cell, value in computed("1-ДОД", "region").values.items()}
    assert values["3", "06", "3"] == 1
    assert values["СО-1", "01", "3"] == 1


def test_a_form_costs_a_few_queries_for_any_territory(filled):
    with scopes.enter(scopes.of_projector().reading()):
        stored_form("ОО-1")
        with CaptureQueriesContext(connection) as one:
            computed_values("ОО-1", Territory(municipality="03608000"))
        with CaptureQueriesContext(connection) as everything:
            computed_values("ОО-1", Territory(region="03"))
    assert len(one) == len(everything) <= 6


def test_an_authority_counts_only_its_own_territory(filled):
    from shared.organizations.models import AuthorityBody

    with scopes.enter(scopes.of_projector().reading()):
        office = AuthorityBody.objects.get(code="office-03608000").pk
    with scopes.enter(scopes.of_authority(office).reading()):
        own = computed_values("ОО-1", Territory(municipality="03608000"))
        foreign = computed_values("ОО-1", Territory(municipality="03601000"))
        everything = computed_values("ОО-1", Territory())
    assert own == everything
    assert not any(foreign.values())


def stored_form_of(code: str):
    with scopes.enter(scopes.of_projector().reading()):
        return stored_form(code)


def computed_values(code: str, territory: Territory):
    source = RegistryFacts(as_of=DAY, territory=territory)
    return compute_form(code=code, source=source, as_of=DAY, scope_label=territory.label).values
