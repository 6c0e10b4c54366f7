"""Role grants and support cases are read at identity and written only by role ``accounts``.

A workspace reads its own requests for a second signature, and nothing of cases.
"""

from shared.tenancy import names
from shared.tenancy.grants import OWN_ORGANIZATION, Grants, Policy
from shared.tenancy.names import ACCOUNTS, APP, AUTHORITIES, OPERATOR, ORGANIZATIONS

GRANTS: Grants = {
    "access_rolegrant": {APP: "SELECT", ACCOUNTS: "SELECT, INSERT, UPDATE"},
    "access_rightchange": {APP: "SELECT", ACCOUNTS: "SELECT, INSERT, UPDATE"},
    "access_rightceiling": {APP: "SELECT", ACCOUNTS: "SELECT, INSERT, UPDATE, DELETE"},
    "access_supportcase": {APP: "SELECT", ACCOUNTS: "SELECT, INSERT, UPDATE"},
    "access_approval": {
        ACCOUNTS: "SELECT, INSERT, UPDATE",
        **dict.fromkeys((ORGANIZATIONS, AUTHORITIES, OPERATOR), "SELECT"),
    },
}
_OWN_AUTHORITY = f"current_user = '{names.role('au_')}' || authority_id"
_OPERATORS = "organization_id is null and authority_id is null"
POLICIES = [
    Policy("access_approval", ACCOUNTS, using="true", check="true"),
    Policy("access_approval", ORGANIZATIONS, using=f"organization_id = {OWN_ORGANIZATION}", command="SELECT"),
    Policy("access_approval", AUTHORITIES, using=_OWN_AUTHORITY, command="SELECT"),
    Policy("access_approval", OPERATOR, using=_OPERATORS, command="SELECT"),
]
