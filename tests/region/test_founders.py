"""Bodies of culture and sport see the organizations they founded and no others; education only counts these."""

from __future__ import annotations

import pytest
from django.db import connections

from shared.organizations.models import AuthorityBody
from tenants.handup.projector import project
from tests.support import client_of, connect, person
from tests.tenants import factories
from tests.tenants.districts import DAY


@pytest.fixture(scope="module")
def arts(world, django_db_blocker):
    """A school of arts in Boris's municipality, founded by the ministry of culture, with one learner."""
    with django_db_blocker.unblock():
        bodies = AuthorityBody.objects.using("owner")
        culture = bodies.get(code="culture-03")
        school = connect("arts", short_name="ДШИ", org_type="supplementary", founder=culture)
        person("clara", "roiv_specialist", authority=culture)
        person("sergey", "roiv_specialist", authority=bodies.get(code="sport-03"))
        with school.work():
            painting = factories.group("Живопись", kind="club", direction="artistic", financing="budget")
            factories.enroll(factories.student(last_name="Художникова"), into=painting, day=DAY)
        project(school.organization)
        connections.close_all()
    return school


def places(login: str) -> list[tuple[str, int]]:
    host = "municipality.localhost" if login == "boris" else "region.localhost"
    answer = client_of(host, login).get(f"/api/v1/registry/counts?as_of={DAY}&by=organization")
    return [(row["organization"], row["enrollments"]) for row in answer.json()["rows"]]


@pytest.mark.proves("R-158", "R-169")
def test_a_founder_counts_and_lists_only_what_it_founded(committed, arts):
    assert places("clara") == [("arts", 1)]
    assert places("sergey") == []
    page = client_of("region.localhost", "clara").get(f"/registry/?as_of={DAY}").content.decode()
    assert "Художникова" in page
    assert "Художникова" not in client_of("region.localhost", "sergey").get(f"/registry/?as_of={DAY}").content.decode()


def test_a_founder_computes_forms_of_its_own_only(committed, arts):
    clara = client_of("region.localhost", "clara")
    assert clara.get(f"/forms/1-dod/?as_of={DAY}&scope=organization:arts").status_code == 200
    foreign = clara.get(f"/forms/oo-1/?as_of={DAY}&scope=organization:school-1")
    assert "СОШ № 1" not in foreign.content.decode()


def test_education_counts_it_and_does_not_look_into_it(committed, arts):
    assert ("arts", 1) in places("boris")
    boris = client_of("municipality.localhost", "boris")
    page = boris.get("/?q=дши").content.decode()
    assert "другой учредитель, только итоги" in page
    for path in ("", "learners/", "movement/"):
        assert boris.get(f"/organizations/arts/{path}").status_code == 404
