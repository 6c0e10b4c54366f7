"""Row history of the yearly order."""

from django.db import migrations

from shared.audit.operations import record_changes


class Migration(migrations.Migration):
    dependencies = [("history", "0002_functions"), ("duties", "0001_initial")]
    operations = [record_changes("duties_dutyorder", "duties_dutyrow", "duties_acknowledgement")]
