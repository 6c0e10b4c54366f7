"""Upgrades in the operator's console: what was done, what failed and why, going on by a button."""

from __future__ import annotations

import pytest
from django.db import connections
from django.utils import timezone

from fleet.models import Upgrade, UpgradeLine
from fleet.provisioning import current_script
from fleet.tasks import carry_on_upgrade
from shared.kernel.ids import new_id
from shared.messaging.models import TaskOutbox
from shared.organizations.models import Organization
from tests.support import client_of

HOST = "operator.localhost"


@pytest.fixture
def operator(committed):
    yield client_of(HOST, "oleg")
    Upgrade.objects.using("owner").all().delete()


def upgrade_of(done: int, failed: int, *, wanted: int = 0, is_over: bool = True) -> Upgrade:
    run = Upgrade.objects.using("owner").create(
        fingerprint="abc",
        made_by="console:root",
        wanted=wanted or done + failed,
        finished_at=timezone.now() if is_over else None,
    )
    outcomes = ["done"] * done + ["failed"] * failed
    UpgradeLine.objects.using("owner").bulk_create(
        UpgradeLine(upgrade=run, organization_id=new_id(), slug=f"s-{place}", outcome=outcome, reason="занято")
        for place, outcome in enumerate(outcomes)
    )
    return run


def test_a_run_shows_its_progress_and_what_failed(operator):
    run = upgrade_of(3, 1, wanted=8, is_over=False)
    page = operator.get(f"/upgrades/{run.pk}/").content.decode()
    assert 'hx-trigger="every 1s"' in page
    assert "50" in page
    assert "занято" in page
    Upgrade.objects.using("owner").filter(pk=run.pk).update(finished_at=timezone.now())
    part = operator.get(f"/upgrades/{run.pk}/progress/").content.decode()
    assert "hx-trigger" not in part
    assert "Прервано" in part


def test_the_list_asks_the_same_number_of_queries_whatever_it_holds(operator, django_assert_num_queries):
    from django.test.utils import CaptureQueriesContext

    upgrade_of(1, 0)
    with CaptureQueriesContext(connections["default"]) as few:
        operator.get("/upgrades/")
    for _ in range(5):
        upgrade_of(4, 4)
    with CaptureQueriesContext(connections["default"]) as many:
        page = operator.get("/upgrades/").content.decode()
    assert len(few) == len(many)
    assert "Есть необновлённые" in page
    assert "Обновить отстающие" not in page


def test_the_button_has_the_worker_upgrade_what_is_behind(operator):
    school = Organization.objects.using("owner").get(slug="school-2")
    behind = Organization.objects.using("owner").filter(pk=school.pk)
    behind.update(fingerprint="earlier")
    try:
        assert "Обновить отстающие" in operator.get("/upgrades/").content.decode()
        assert operator.post("/upgrades/carry-on/").status_code == 302
        wish = TaskOutbox.objects.using("owner").get(name="fleet.upgrading.carry_on")
        carry_on_upgrade.run(**wish.arguments)
        assert Upgrade.objects.using("owner").count() == 0  # its tables were at the version all the time
        wish.delete()
        assert behind.get().fingerprint == current_script().fingerprint
    finally:
        behind.update(fingerprint=current_script().fingerprint)
