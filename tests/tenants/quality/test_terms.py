"""Rules that ask what stands beside the fields of a card: papers and attestations whose term is over, a dismissal."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shared.cards.rules import RULES
from shared.kernel.text import NBSP
from tenants.cards.kinds import KINDS
from tenants.organization.documents import Paper, put_document
from tenants.organization.models import OrganizationCard
from tenants.quality.cards import counted
from tenants.quality.handing_up import summary_of
from tenants.quality.reliability import read_whole, rule_names, tally
from tenants.staff.models import StaffMember
from tenants.staff.rows import add_row, annul_row
from tests.support import client_of
from tests.tenants.cards.pages import HTMX, opened
from tests.tenants.staff import making

D = datetime.date
STAFF, ORGANIZATION = KINDS["staff"], KINDS["organization"]
TODAY = timezone.localdate()
YESTERDAY = TODAY - datetime.timedelta(days=1)


def found(kind) -> set[str]:
    return {code for code, _ in tally(kind, counted(kind, TODAY), TODAY).by_rule}


def attested(member, **values):
    usual = {"kind": "first", "decided_on": TODAY - datetime.timedelta(days=1826), "valid_to": YESTERDAY}
    return add_row(member=member, section="certifications", values=usual | values, by="секретарь")


def test_every_rule_asks_only_what_a_card_can_answer():
    """A rule that asks a field no card has would never speak."""
    for kind in KINDS.values():
        own = {*kind.layout.fields, *kind.beside}
        sections = {f"{kind.code}.{one.code}": {field.code for field in one.fields} for one in kind.layout.repeated}
        for card, known in {kind.code: own, **{code: own | fields for code, fields in sections.items()}}.items():
            for rule in RULES:
                assert card not in rule.cards or known.issuperset(rule.fields), (card, rule.code)
        assert all(label.isprintable() and "_" not in label for label in rule_names(kind).values())


@pytest.mark.proves("R-005")
def test_an_attestation_whose_term_is_over_is_counted_until_another_holds(school):
    with school.work() as organization:
        one = making.member()
        assert "certification_ended" not in found(STAFF)
        former = attested(one)
        assert "certification_ended" in found(STAFF)
        assert summary_of(STAFF, organization.pk, with_checks=True).doubtful == 1
    meter = client_of(school.host, "secretary").get(f"/quality/staff/{one.pk}/").context["meter"]
    assert [doubt.text for doubt in meter.doubts] == [
        f"Аттестация закончилась {YESTERDAY:%d.%m.%Y}. Впишите новую аттестацию."
    ]
    with school.work():
        begun = attested(one, decided_on=None, valid_to=None, started_on=TODAY)
        assert "certification_ended" in found(STAFF)
        annul_row(row=begun, reason="проверка")
        attested(one, kind="highest", decided_on=YESTERDAY, valid_to=None)
        assert "certification_ended" not in found(STAFF)
        annul_row(row=former, reason="проверка")
        assert "certification_ended" not in found(STAFF)


@pytest.mark.proves("R-005", "R-198")
@pytest.mark.parametrize("kind", ["license", "accreditation"])
def test_a_paper_of_the_organization_whose_term_is_over_is_counted(school, kind):
    rule = f"{kind}_ended"
    with school.work() as organization:
        assert rule not in found(ORGANIZATION)
        before = summary_of(ORGANIZATION, organization.pk, with_checks=True).doubtful
        old = Paper(kind=kind, issued_on=D(2015, 1, 1), number="7", valid_to=YESTERDAY)
        put_document(paper=old, file=None, added_by="администратор")
        assert rule in found(ORGANIZATION)
        assert summary_of(ORGANIZATION, organization.pk, with_checks=True).doubtful == before + 1
        key = OrganizationCard.objects.get().pk
    meter = client_of(school.host, "anna").get(f"/quality/organization/{key}/").context["meter"]
    assert any(f"{YESTERDAY:%d.%m.%Y}" in doubt.text for doubt in meter.doubts)
    with school.work():
        endless = Paper(kind=kind, issued_on=D(2021, 1, 1), number="8")
        put_document(paper=endless, file=None, added_by="администратор")
        assert rule not in found(ORGANIZATION)


def test_who_is_dismissed_was_not_hired_later(school):
    """The sentence blames the field that is typed, and stands at it."""
    with school.work():
        one = making.member()
        facts = {"dismissed_on": D(2026, 10, 1), "dismissal_order_no": "5-к", "dismissal_order_date": D(2026, 9, 25)}
        StaffMember.objects.filter(pk=one.pk).update(**facts)
    client = client_of(school.host, "secretary")
    typed = opened(client, "staff", one, "work") | {"hire_date": "02.10.2026"}
    answer = client.post(f"/cards/staff/{one.pk}/work/", typed, headers=HTMX)
    assert answer.status_code == 422
    words = answer.content.decode().replace(NBSP, " ")
    assert "Дата увольнения 01.10.2026 раньше, чем дата приёма 02.10.2026" in words


def test_attestations_of_many_are_read_in_one_query(school):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            tally(STAFF, counted(STAFF, TODAY), TODAY)
        return len(captured)

    with school.work():
        attested(making.member())
        few = queries()
        for _ in range(4):
            attested(making.member())
        assert len(list(read_whole(STAFF, counted(STAFF, TODAY)))) == 5
        assert queries() == few
