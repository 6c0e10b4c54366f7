"""The probes and the figures for monitoring."""

from ipaddress import ip_network

import pytest
from django.db import OperationalError

from config import health
from shared.messaging.services import want_task
from tests.support import client_of, connect

HOSTS = ["localhost", "services.localhost", "training.localhost", "operator.localhost", "region.localhost"]


@pytest.mark.parametrize("host", [*HOSTS, "municipality.localhost", "school-1.localhost"])
def test_every_host_is_live_and_ready(school, host):
    client = client_of(host)
    assert client.get("/healthz").json() == {"status": "ok"}
    response = client.get("/readyz")
    assert response.status_code == 200, response.json()


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics", "/"])
def test_an_unknown_host_does_not_exist(school, path):
    assert client_of("nobody.localhost").get(path).status_code == 404


def test_an_organization_that_is_behind_is_not_ready_on_its_own_host_only(committed):
    from shared.organizations.models import Organization

    behind = connect("behind")
    Organization.objects.using("owner").filter(pk=behind.organization.pk).update(fingerprint="old")
    response = client_of(behind.host).get("/readyz")
    assert response.status_code == 503
    assert [name for name, holds in response.json()["checks"].items() if not holds] == ["organization"]
    assert client_of("school-1.localhost").get("/readyz").status_code == 200
    assert client_of("localhost").get("/readyz").status_code == 200
    assert "asuso_organizations_behind 1" in client_of("operator.localhost", "oleg").get("/metrics").content.decode()
    Organization.objects.using("owner").filter(pk=behind.organization.pk).update(
        fingerprint=committed.school.organization.fingerprint
    )


def test_a_broker_that_cannot_be_reached_is_not_ready(school, settings):
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = {}
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    response = client_of("localhost").get("/readyz")
    assert response.status_code == 503
    assert response.json()["checks"]["broker"] is False


def test_a_broker_folder_that_is_gone_is_not_ready(school, settings, tmp_path):
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = {"data_folder_out": str(tmp_path / "gone")}
    assert client_of("localhost").get("/readyz").status_code == 503


def test_without_a_database_the_process_is_live_but_not_ready(school, monkeypatch):
    def away(*args, **kwargs):
        raise OperationalError("the server is away")

    monkeypatch.setattr("shared.access.middleware.workspace_of", away)
    monkeypatch.setattr(health, "database_answers", lambda: False)
    client = client_of("localhost")
    client.raise_request_exception = False
    assert client.get("/healthz").status_code == 200
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["checks"] == {"database": False}
    assert client.get("/").status_code == 500


def test_metrics_tell_lengths_and_ages_and_nothing_about_people(school):
    with school.work():
        want_task("tests.nothing")
    text = client_of("operator.localhost", "oleg").get("/metrics").content.decode()
    figures = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    assert float(figures["asuso_task_outbox"]) >= 1
    assert float(figures['asuso_organizations{status="active"}']) >= 2
    assert {"asuso_registry_outbox", "asuso_registry_lag_seconds", "asuso_task_outbox_age_seconds"} <= figures.keys()


def test_metrics_stand_on_the_operator_host_only(school):
    assert client_of("region.localhost").get("/metrics").status_code == 404


@pytest.mark.proves("R-178")
def test_metrics_answer_operators_and_the_networks_of_the_operator_only(school, settings):
    stranger = client_of("operator.localhost")
    assert stranger.get("/metrics").status_code == 403
    assert client_of("operator.localhost", "anna").get("/metrics").status_code == 403
    assert client_of("operator.localhost", "oleg").get("/metrics").status_code == 200
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(
        update={"allowed_networks_operator": (ip_network("127.0.0.0/8"),)}
    )
    assert stranger.get("/metrics").status_code == 200
    # A network that is not the operator's does not even learn that the host exists.
    assert stranger.get("/metrics", REMOTE_ADDR="203.0.113.7").status_code == 404
