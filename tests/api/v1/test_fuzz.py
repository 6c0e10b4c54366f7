"""Whatever is sent to the described addresses, every role gets an answer of the described shape, or a problem."""

from __future__ import annotations

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api.v1.schema import described
from shared.access.services import issue_token
from shared.accounts.models import Account
from shared.tenancy import scopes
from tests.architecture.holders import HOLDERS, Holder, engage, host_of
from tests.tenants import factories

CHECKS = [not_a_server_error, content_type_conformance, response_schema_conformance, status_code_conformance]
MODES = [schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE]
EXAMPLES = 4
# Of an organization's many roles these see least, most, a part and their own; the others get one example of each kind.
THOROUGH = ("nobody", "director", "class_teacher", "guardian")
COUNTS = ("/api/v1/registry/counts", {"as_of": "2026-09-20", "by": ["grade"]})
NOBODY = Holder("nobody", "organization")


@pytest.fixture
def application():
    """The whole application, on the connection of the test's transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield get_wsgi_application()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.proves("R-169", "R-179")
@pytest.mark.parametrize("holder", [NOBODY, *HOLDERS], ids=lambda holder: f"{holder.kind}-{holder.role}")
def test_no_request_breaks_the_api_or_shows_what_is_foreign(school, other_school, application, holder):
    with other_school.work():
        factories.student(last_name="Чужеземцев")
    host = host_of(holder.kind, school)
    headers = {"Host": host, "X-Purpose": "control"}
    if holder != NOBODY:
        engage(holder, school)
        headers["Authorization"] = f"Bearer {_token(holder.login, host)}"
    is_thorough = holder.kind != "organization" or holder.role in THOROUGH
    schema = schemathesis.openapi.from_dict(described(f"config.urls.{holder.kind}"))
    for found in schema.get_all_operations():
        operation = found.ok()
        for mode in MODES:

            @settings(
                max_examples=EXAMPLES if is_thorough else 1,
                deadline=None,
                database=None,
                suppress_health_check=list(HealthCheck),
                derandomize=True,
            )
            @given(case=operation.as_strategy(generation_mode=mode))
            def send(case):
                response = case.call(app=application, headers=headers, base_url=f"http://{host}")
                case.validate_response(response, checks=CHECKS)
                assert "Чужеземцев" not in response.text
                assert holder != NOBODY or response.status_code in (401, 404, 405)

            send()


@pytest.mark.parametrize("login", ["anna", "deputy_uvr"])
def test_real_objects_have_the_described_shape(school, application, login):
    host = school.host
    headers = {"Host": host, "Authorization": f"Bearer {_token(login, host)}"}
    with school.work():
        student = factories.student()
        factories.enroll(student, into=factories.group("5А"))
    schema = schemathesis.openapi.from_dict(described("config.urls.organization"))
    for path, query in (("/api/v1/students/{id}/", {}), ("/api/v1/students/", {}), ("/api/v1/me/", {}), COUNTS):
        case = schema[path]["GET"].Case(path_parameters={"id": str(student.pk)} if "{id}" in path else {}, query=query)
        response = case.call(app=application, headers=headers, base_url=f"http://{host}")
        assert response.status_code == 200
        case.validate_response(response, checks=CHECKS)


def _token(login: str, host: str) -> str:
    with scopes.enter(scopes.of_accounts()):
        return issue_token(account=Account.objects.get(login=login), host=host, days=1)
