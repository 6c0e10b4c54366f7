"""Keys of requests: an organization sees and writes its own; the worker's login drops the old ones."""

from shared.tenancy.grants import OWN_ORGANIZATION, Grants, Policy
from shared.tenancy.names import APP, ORGANIZATIONS

_OWN = f"organization_id = {OWN_ORGANIZATION}"

GRANTS: Grants = {
    "api_v1_acceptedwrite": {
        ORGANIZATIONS: "SELECT, INSERT, UPDATE (made_id)",
        APP: "SELECT, DELETE",
    },
}
POLICIES = [
    Policy("api_v1_acceptedwrite", ORGANIZATIONS, using=_OWN, check=_OWN),
    Policy("api_v1_acceptedwrite", APP, using="true", command="SELECT"),
    Policy("api_v1_acceptedwrite", APP, using="true", command="DELETE"),
]
