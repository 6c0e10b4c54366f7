"""A query composed once answers as the one composed anew."""

from __future__ import annotations

import pytest

from shared.kernel.compiled import CompiledQuery
from shared.organizations.models import Municipality

pytestmark = pytest.mark.django_db
CODE, NAME = "placeholder of a code", "placeholder of a name"


def test_each_asking_has_values_of_its_own():
    built = []

    def build():
        built.append(1)
        return Municipality.objects.filter(pk=CODE).values_list("pk", "name")

    query = CompiledQuery(build, CODE)
    for code in ("03608000", "03601000"):
        assert query.rows(code) == list(Municipality.objects.filter(pk=code).values_list("pk", "name"))
    assert query.rows("nowhere") == []
    assert len(built) == 1


def test_what_a_person_typed_stays_a_value():
    query = CompiledQuery(lambda: Municipality.objects.filter(name=NAME).values_list("pk"), NAME)
    assert query.rows("' or true --") == []
    assert query.rows("%s %(x)s %%") == []


def test_a_list_may_stand_beside_a_placeholder():
    codes = ["03608000", "03601000"]
    query = CompiledQuery(
        lambda: Municipality.objects.filter(pk__any_of=codes).exclude(name=NAME).order_by("pk").values_list("pk"), NAME
    )
    assert query.rows("nothing") == [("03601000",), ("03608000",)]


def test_a_placeholder_that_does_not_reach_the_server_is_refused():
    query = CompiledQuery(lambda: Municipality.objects.filter(pk="03608000").values_list("pk"), NAME)
    with pytest.raises(ValueError, match="no parameters"):
        query.rows("anything")
