"""Row history of the card, and the one card of every organization that was connected before.

A new organization gets its card from the owner who makes its schema (``founding.found_card``).
"""

from django.db import migrations

from shared.audit.operations import record_changes

CARD = """
insert into organization_organizationcard (id, organization_id, is_only, updated_at, setup_step, legal_form, org_number,
  locality, legal_address, okpo, okato, oktmo, okogu, content_filter, school_week, deputy_uvr, deputy_facilities,
  deputy_it, charter, license, accreditation, updated_by)
select gen_random_uuid(), o.id, true, now(), 'facts', '', '', '', '', '', '', '', '', '', '', '', '', '', '', '', '', ''
from organizations_organization o where o.schema_name = current_schema()
"""


class Migration(migrations.Migration):
    dependencies = [("history", "0002_functions"), ("organization", "0001_initial")]
    operations = [
        migrations.RunSQL([CARD], migrations.RunSQL.noop),
        record_changes(
            "organization_organizationcard",
            "organization_responsibleperson",
            "organization_building",
            "organization_room",
            "organization_equipment",
            "organization_organizationdocument",
        ),
    ]
