"""How the tests of cards call the API and read its refusals."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.test import Client


def post(client: Client, address: str, body: Any) -> HttpResponse:
    return client.post(address, body, content_type="application/json")


def problem(answer: HttpResponse, status: int) -> dict[str, Any]:
    """The problem document of a refusal with this status."""
    assert answer.status_code == status, answer.content.decode()
    assert answer.headers["Content-Type"] == "application/problem+json"
    return answer.json()


def blamed(answer: HttpResponse) -> set[str]:
    """The fields that a refusal of values names."""
    return {one["field"] for one in problem(answer, 400)["errors"]}
