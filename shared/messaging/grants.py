"""Every workspace may wish for a task; the worker's login takes it."""

from shared.tenancy.grants import OWN_ORGANIZATION, Grants, Policy
from shared.tenancy.names import ACCOUNTS, APP, AUTHORITIES, OPERATOR, ORGANIZATIONS

GRANTS: Grants = {
    "messaging_taskoutbox": {
        APP: "SELECT, INSERT, UPDATE, DELETE",
        ACCOUNTS: "INSERT",
        OPERATOR: "INSERT",
        AUTHORITIES: "INSERT",
        ORGANIZATIONS: "INSERT",
    }
}
POLICIES = [
    Policy("messaging_taskoutbox", APP, using="true", check="true"),
    *[
        Policy("messaging_taskoutbox", role, check="organization_id is null", command="INSERT")
        for role in (ACCOUNTS, OPERATOR, AUTHORITIES)
    ],
    Policy("messaging_taskoutbox", ORGANIZATIONS, check=f"organization_id = {OWN_ORGANIZATION}", command="INSERT"),
]
