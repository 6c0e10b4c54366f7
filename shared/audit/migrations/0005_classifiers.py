"""Values of the classifiers under row history: an organization sees the changes of its own, the ministry of its."""

from django.db import migrations

from shared.audit.operations import record_changes


class Migration(migrations.Migration):
    dependencies = [("audit", "0004_support"), ("classifiers", "0001_initial")]
    operations = [
        record_changes("classifiers_classifiervalue", in_public=True, skip=["version", "updated_by", "authority_id"]),
    ]
