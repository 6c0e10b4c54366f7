"""An organization learns who above it opened a person of its own. Source: R-031, R-053."""

from __future__ import annotations

import pytest

from shared.contingent.models import PersonLink
from shared.tenancy import scopes
from tenants.handup.projector import project
from tenants.history.models import HistoryEvent
from tests.support import client_of
from tests.tenants import factories


@pytest.mark.proves("R-031", "R-053")
def test_a_person_opened_in_the_registry_is_a_look_in_the_log_of_his_organization(school, other_school):
    with school.work():
        child = factories.student()
        factories.enroll(child, into=factories.group("5А"))
    project(school.organization)
    with scopes.enter(scopes.of_projector().reading()):
        person = PersonLink.objects.get(student_id=child.pk).person_id
    marina = client_of("region.localhost", "marina")
    marina.post("/purpose/", {"purpose": "appeal", "basis": "обращение № 8", "next": "/"})
    assert marina.get(f"/registry/people/{person}/?as_of=2026-09-20").status_code == 200
    with school.work():
        look = HistoryEvent.objects.get(action="revealed")
    assert (look.object_kind, look.object_id) == ("student", str(child.pk))
    assert "Министерство" in look.facts["authority"]
    assert "обращение № 8" in look.reason
    with other_school.work():
        assert not HistoryEvent.objects.filter(action="revealed").exists()
