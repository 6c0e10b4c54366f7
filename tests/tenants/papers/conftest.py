"""A school with a class, and what a paper says."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader

from shared.accounts.models import Account
from shared.tenancy import scopes
from tenants.people.models import Student
from tests.tenants import factories


@pytest.fixture(autouse=True)
def folder(tmp_path, settings):
    settings.DATA_DIR = tmp_path
    settings.FILES_ROOT = tmp_path
    settings.THROTTLES = dict.fromkeys(settings.THROTTLES, 1000)
    return tmp_path


@pytest.fixture
def vera(school) -> Student:
    """Антипова Вера Романовна of 5А."""
    with school.work():
        child = factories.student(last_name="Антипова", first_name="Вера", patronymic="Романовна", sex="F")
        factories.enroll(child, into=factories.group("5А"), number="12-у")
        return child


def text_of(answer) -> str:
    """The words of a PDF answer, spaces collapsed."""
    assert answer.status_code == 200, answer.content.decode()
    assert answer.headers["Content-Type"] == "application/pdf"
    return " ".join(" ".join(page.extract_text() for page in pages(answer.content)).split())


def pages(content: bytes):
    return PdfReader(io.BytesIO(content)).pages


def account_of(login: str) -> str:
    with scopes.enter(scopes.of_accounts()):
        return str(Account.objects.get(login=login).pk)


def asked(login: str = "anna", **facts: str) -> dict[str, str]:
    """The form of a certificate, signed by the director."""
    usual = {"kind": "study", "destination": "по месту требования", "signer": account_of(login)}
    return {**usual, **facts}
