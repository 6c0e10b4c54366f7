"""Accounts, appointments, organizations and authorities under row history.

Sessions, tokens and one-time codes come and go by themselves; entering and leaving is noted as an action.
"""

from django.db import migrations

from shared.audit.operations import record_changes


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_functions"), ("access", "0002_rights")]
    operations = [
        record_changes("accounts_account", in_public=True, account="id", hide=["password"]),
        record_changes("access_rolegrant", "access_rightchange", in_public=True),
        record_changes("access_rightceiling", in_public=True),
        record_changes("organizations_organization", in_public=True, organization="id", skip=["fingerprint"]),
        record_changes("organizations_domain", in_public=True, organization="tenant_id"),
        record_changes("organizations_authoritybody", in_public=True, organization="", authority="id"),
    ]
