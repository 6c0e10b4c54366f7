"""An organization keeps the book of its own archives and strikes nothing out; the operator sees that there are some."""

from shared.tenancy.grants import OWN_ORGANIZATION, Grants, Policy
from shared.tenancy.names import OPERATOR, ORGANIZATIONS

_OWN = f"organization_id = {OWN_ORGANIZATION}"
GRANTS: Grants = {
    "archive_package": {ORGANIZATIONS: "SELECT, INSERT, UPDATE", OPERATOR: "SELECT"},
    "archive_copy": {ORGANIZATIONS: "SELECT, INSERT", OPERATOR: "SELECT"},
}
POLICIES = [
    *[Policy(table, ORGANIZATIONS, using=_OWN, check=_OWN) for table in GRANTS],
    *[Policy(table, OPERATOR, using="true", command="SELECT") for table in GRANTS],
]
