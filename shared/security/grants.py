"""An organization writes and reads its own row; authorities read their territory and what they founded.

The territory is taken from the directory of organizations: a row cannot say where it belongs.
"""

from shared.tenancy.grants import OWN_ORGANIZATION, Grants, Policy
from shared.tenancy.names import APP, AUTHORITIES, ORGANIZATIONS

_TABLE = "security_state_securitystate"
_OWN = f"organization_id = {OWN_ORGANIZATION}"
_UNDER_AUTHORITY = f"""exists (
  select 1 from organizations_organization o join tenancy_rolescope s on s.role_name = current_user
  where o.id = {_TABLE}.organization_id
    and (o.municipality_id = s.municipality_oktmo or o.region_id = s.region_code or o.founder_id = s.founder_id))"""  # noqa: S608

GRANTS: Grants = {
    _TABLE: {APP: "SELECT", ORGANIZATIONS: "SELECT, INSERT, UPDATE", AUTHORITIES: "SELECT"},
}
POLICIES = [
    Policy(_TABLE, APP, using="true", command="SELECT"),  # whose row is of yesterday, for the worker
    Policy(_TABLE, ORGANIZATIONS, using=_OWN, check=_OWN),
    Policy(_TABLE, AUTHORITIES, using=_UNDER_AUTHORITY, command="SELECT"),
]
