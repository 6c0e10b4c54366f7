"""Every place of upload stands behind the one door, and says what must not be uploaded."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from shared.documents.uploads import NOTICE
from tests.architecture.files import ROOT, product_files
from tests.shared.documents.clamd_server import SIGNATURE, clamd
from tests.support import client_of

PLACES = [
    ("school-1.localhost", "secretary", "/import/new/", {"year": "2026"}),
    ("operator.localhost", "oleg", "/onboarding/", {}),
]


@pytest.mark.proves("R-172")
@pytest.mark.parametrize(("host", "login", "path", "fields"), PLACES)
def test_the_page_says_that_state_secrets_may_not_be_uploaded(school, host, login, path, fields):
    page = client_of(host, login).get(path)
    assert page.status_code == 200
    words = re.sub(r"\s+", " ", page.content.decode().replace("\u00a0", " "))
    assert NOTICE in words


@pytest.mark.proves("R-178", "R-179")
@pytest.mark.parametrize(("host", "login", "path", "fields"), PLACES)
def test_a_file_the_door_refuses_comes_back_with_the_sentence(school, settings, host, login, path, fields):
    person = client_of(host, login)

    def refusal(content: bytes) -> str:
        answer = person.post(path, {"file": SimpleUploadedFile("дети.csv", content), **fields})
        assert answer.status_code == 422
        return answer.content.decode().replace("\u00a0", " ")

    assert "по содержимому это не таблица CSV, XLSX, XLS или ODS" in refusal(b"%PDF-1.7 %%EOF")
    with clamd() as scanner:
        settings.ANTIVIRUS_URL = scanner.url
        assert "Антивирус нашёл в файле «дети.csv»" in refusal(b"a;b\n" + SIGNATURE)
    assert "антивирус не ответил" in refusal(b"a;b\n1;2\n")


def test_no_form_takes_a_file_past_the_door():
    taking = re.compile(r"\b(?:forms\.)?(?:FileField|ImageField|MultipleFileField)\(|request\.FILES\[")
    found = {path.relative_to(ROOT).as_posix() for path in product_files(".py") if taking.search(path.read_text())}
    assert found == {"shared/ui/kit.py"}  # the catalog of components, which stores nothing
