"""Changes of municipality and founder, and agreements, under row history: their organization and ministry see them."""

from django.db import migrations

from shared.audit.operations import record_changes


class Migration(migrations.Migration):
    dependencies = [("audit", "0005_classifiers"), ("organizations", "0005_subordination_and_agreements")]
    operations = [
        record_changes("organizations_subordination", in_public=True),
        record_changes("organizations_connectionagreement", in_public=True),
    ]
