"""The page of requirements is current, and the rows of rights, consent, security and visits are proven."""

from __future__ import annotations

from tests.architecture.requirements import PAGE, page, proofs, requirements

# Rows of these modules whose object is not built yet, and what they wait for.
WAITING: dict[str, str] = {}
VISITS = {"R-038", "R-054", "R-225"}


def test_the_page_is_what_the_tests_say():
    assert PAGE.read_text(encoding="utf-8") == page(), "run python -m tests.architecture.requirements"


def test_only_known_rows_are_proven():
    assert set(proofs()) <= {one.id for one in requirements()}


def test_rights_consent_security_and_visits_are_proven():
    wanted = {one.id for one in requirements() if one.module in ("IAM", "CNS", "SEC")} | VISITS
    missing = wanted - set(proofs())
    assert sorted(missing) == sorted(WAITING)
