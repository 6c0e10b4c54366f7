"""Every table of the first release under row history.

Rows of a checked file (``intake_stagedrow``) are no facts yet: they become facts as the rows they are applied to.
"""

from django.db import migrations

from shared.audit.operations import record_changes


class Migration(migrations.Migration):
    dependencies = [
        ("history", "0002_functions"),
        ("people", "0001_initial"),
        ("groups", "0001_initial"),
        ("orders", "0001_initial"),
        ("intake", "0001_initial"),
    ]
    operations = [
        record_changes(
            "people_student",
            "people_guardian",
            "people_guardianlink",
            "groups_group",
            "orders_order",
            "orders_orderrow",
            "orders_enrollment",
            "orders_placement",
        ),
        record_changes("intake_importrun", skip=["summary", "headers", "notes"]),
        record_changes("intake_importeffect"),
        record_changes("intake_importchange", hide=["old", "new"]),
        record_changes("intake_sealeddraft", hide=["values"], skip=["learner_key", "place_key"]),
    ]
