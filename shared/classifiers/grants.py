"""Everybody reads the common values; the ministry keeps them; an organization keeps its own and sees nobody else's."""

from shared.tenancy.grants import OWN_ORGANIZATION, Grants, Policy
from shared.tenancy.names import APP, AUTHORITIES, ORGANIZATIONS

_VALUE, _EDITION = "classifiers_classifiervalue", "classifiers_edition"
_COMMON = "organization_id is null"
_MINISTRY = "exists (select 1 from tenancy_rolescope s where s.role_name = current_user and s.region_code is not null)"
_OWN = f"organization_id = {OWN_ORGANIZATION}"
# What a shipped row is stays as shipped; a name of the region's own may be corrected in place.
_CHANGED = "label, other_names, valid_to, authority_id, act, version, updated_by, updated_at"

GRANTS: Grants = {
    _VALUE: {
        APP: "SELECT",
        ORGANIZATIONS: f"SELECT, INSERT, UPDATE ({_CHANGED})",
        AUTHORITIES: f"SELECT, INSERT, UPDATE ({_CHANGED})",
    },
    _EDITION: {APP: "SELECT", AUTHORITIES: "SELECT, UPDATE"},
}
POLICIES = [
    Policy(_VALUE, APP, using=_COMMON, command="SELECT"),
    Policy(_VALUE, ORGANIZATIONS, using=f"{_COMMON} or {_OWN}", command="SELECT"),
    Policy(_VALUE, ORGANIZATIONS, check=f"{_OWN} and origin = 'local'", command="INSERT"),
    Policy(_VALUE, ORGANIZATIONS, using=_OWN, check=_OWN, command="UPDATE"),
    Policy(_VALUE, AUTHORITIES, using=_COMMON, command="SELECT"),
    Policy(_VALUE, AUTHORITIES, check=f"{_COMMON} and origin = 'regional' and {_MINISTRY}", command="INSERT"),
    Policy(_VALUE, AUTHORITIES, using=f"{_COMMON} and {_MINISTRY}", check=_COMMON, command="UPDATE"),
    Policy(_EDITION, APP, using="true", command="SELECT"),
    Policy(_EDITION, AUTHORITIES, using="true", command="SELECT"),
    Policy(_EDITION, AUTHORITIES, using=_MINISTRY, check="id = 1", command="UPDATE"),
]
