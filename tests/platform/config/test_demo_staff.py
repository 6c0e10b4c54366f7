"""The invented employees of the demonstration are such as the product itself would accept."""

from django.utils import timezone

from config.demo.staff import STAFFING, StaffMaking
from fleet.generation.numbers import Numbers
from shared.cards.rules import findings
from shared.cards.values import read, values_of, written
from shared.kernel.days import academic_year_of
from shared.organizations.models import Organization
from tenants.consents.models import Consent
from tenants.staff.layout import LAYOUT, WRITTEN
from tenants.staff.models import StaffMember
from tests.tenants import factories


def test_every_invented_card_passes_the_checks_of_the_card(school):
    today = timezone.localdate()
    with school.work() as organization:
        for letter in "АБВГ":
            factories.group(f"5{letter}", year=academic_year_of(today))
        known = Organization.objects.select_related("municipality").get(pk=organization.pk)
        StaffMaking(known, Numbers(), is_main=True).make({}, {})
        members = list(StaffMember.objects.all())
        single, _, _ = STAFFING["school"]
        assert {one.main_position for one in members} == {*single, "teacher"}
        sealed = [one for one in members if one.is_sealed]
        assert len(sealed) == 1
        assert Consent.objects.filter(subject_kind="employee").count() == len(members) - 1
        assert any(one.dismissed_on for one in members) or len(members) < 4
        for one in members:
            values = values_of(one, WRITTEN)
            for code, field in WRITTEN.items():
                assert read(field, written(field, values[code])) == (values[code] or read(field, "")), code
            assert [found for found in findings(LAYOUT.code, values, today) if found.level == "hard"] == []
