"""The triggers of an organization call the function that stands once for all. Source: ADR 0024."""

from django.db import migrations

TABLES = (
    "people_student",
    "people_studentspecial",
    "people_guardian",
    "people_guardianlink",
    "staff_staffmember",
    "staff_diploma",
    "staff_stafftraining",
    "staff_certification",
    "staff_award",
    "organization_organizationcard",
    "orders_enrollment",
    "orders_placement",
)
FORWARD = [
    *[
        f"create or replace trigger quality_mark after insert or update or delete on {table} "
        "for each statement execute function public.quality_mark()"
        for table in TABLES
    ],
    "drop function quality_mark()",
]


class Migration(migrations.Migration):
    dependencies = [("quality", "0001_marks")]
    operations = [migrations.RunSQL(FORWARD)]
