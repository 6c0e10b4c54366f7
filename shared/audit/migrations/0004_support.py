"""Support cases and requests for a second signature under row history; people shown are counted by their own notes."""

from django.db import migrations

from shared.audit.operations import record_changes


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_rows"), ("access", "0004_support_and_approvals")]
    operations = [
        record_changes("access_supportcase", in_public=True, skip=["rows_seen"]),
        record_changes("access_approval", in_public=True),
    ]
