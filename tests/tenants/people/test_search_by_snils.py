"""A СНИЛС finds a learner only for who may see one: an answer would confirm whose it is."""

import pytest

from tests.support import client_of
from tests.tenants import factories


@pytest.mark.parametrize(("login", "finds"), [("secretary", True), ("teacher", False)])
@pytest.mark.parametrize("address", ["screen", "api"])
def test_a_number_is_searched_by_right(school, login, finds, address):
    with school.work():
        known = factories.student(snils="11223344595", last_name="Хворостьянова")
        factories.enroll(known, factories.student(last_name="Посторонний"), into=factories.group("5А"))
    client = client_of(school.host, login)
    if address == "screen":
        answer = client.post("/students/", {"q": "112-233-445 95"}, follow=True)
    else:
        answer = client.get("/api/v1/students/", {"search": "112-233-445 95"})
    assert answer.status_code == 200
    assert ("Хворостьянова" in answer.content.decode()) is finds
    assert "Посторонний" not in answer.content.decode()
