"""Under a mask a value is recognized by whoever knows it and learned by nobody else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shared.cards.masks import mask
from tenants.people.layouts import STUDENT_LAYOUT

FIELDS = STUDENT_LAYOUT.fields


@pytest.mark.parametrize(
    ("code", "value", "shown"),
    [
        ("snils", "11223344595", "•••-•••-••5 95"),
        ("doc_number", "123456", "••••56"),
        ("doc_issued_by", "Отдел ЗАГС г. Белореченска № 1", "••••••"),
        ("registration_address", "г. Белореченск, ул. Садовая, д. 18", "г. Белореченск, ••••••"),
        ("email", "ivanova@example.ru", "•••••@example.ru"),
        ("doc_type", "passport_rf", "••••••"),
        ("snils", "", ""),
    ],
)
def test_a_value_under_its_mask(code, value, shown):
    assert mask(FIELDS[code], value) == shown


def test_a_kind_without_a_mask_of_its_own_is_hidden_whole():
    assert mask(replace(FIELDS["doc_number"], kind="note"), "12") == "••••••"
