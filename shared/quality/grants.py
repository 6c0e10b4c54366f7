"""An organization writes its own figures and answers remarks on itself; authorities read what is under them.

The territory is taken from the directory of organizations: a row cannot say where it belongs. A remark is changed by
the authority that sent it; the organization writes only its answer, and only while one is awaited.
"""

from typing import Final

from shared.tenancy import names
from shared.tenancy.grants import OWN_ORGANIZATION, Grants, Policy
from shared.tenancy.names import APP, AUTHORITIES, ORGANIZATIONS

SUMMARY: Final = "quality_state_qualitysummary"
MARK: Final = "quality_state_mark"
REMARK: Final = "quality_state_remark"
ANSWER: Final = ("state", "answer", "answered_by", "answered_at")
_OWN: Final = f"organization_id = {OWN_ORGANIZATION}"
_OWN_SCHEMA: Final = (
    f"schema_name = (select o.schema_name from organizations_organization o where o.id = {OWN_ORGANIZATION})"  # noqa: S608
)
_OWN_AUTHORITY: Final = f"current_user = '{names.role('au_')}' || authority_id"


def _under_authority(table: str) -> str:
    return f"""exists (
  select 1 from organizations_organization o join tenancy_rolescope s on s.role_name = current_user
  where o.id = {table}.organization_id
    and (o.municipality_id = s.municipality_oktmo or o.region_id = s.region_code or o.founder_id = s.founder_id))"""  # noqa: S608


GRANTS: Grants = {
    SUMMARY: {APP: "SELECT", ORGANIZATIONS: "SELECT, INSERT, UPDATE, DELETE", AUTHORITIES: "SELECT"},
    MARK: {APP: "SELECT", ORGANIZATIONS: "SELECT, DELETE"},
    REMARK: {
        ORGANIZATIONS: f"SELECT, UPDATE ({', '.join(ANSWER)})",
        AUTHORITIES: "SELECT, INSERT, UPDATE",
    },
}
POLICIES = [
    Policy(SUMMARY, APP, using="true", command="SELECT"),  # whose figures are of yesterday, for the worker
    Policy(SUMMARY, ORGANIZATIONS, using=_OWN, check=_OWN),
    Policy(SUMMARY, AUTHORITIES, using=_under_authority(SUMMARY), command="SELECT"),
    Policy(MARK, APP, using="true", command="SELECT"),  # whom to count, for the worker
    Policy(MARK, ORGANIZATIONS, using=_OWN_SCHEMA, command="SELECT"),
    Policy(MARK, ORGANIZATIONS, using=_OWN_SCHEMA, command="DELETE"),
    Policy(REMARK, ORGANIZATIONS, using=_OWN, command="SELECT"),
    Policy(
        REMARK,
        ORGANIZATIONS,
        using=f"{_OWN} and state in ('sent', 'returned')",
        check=f"{_OWN} and state = 'answered'",
        command="UPDATE",
    ),
    Policy(REMARK, AUTHORITIES, using=_under_authority(REMARK), command="SELECT"),
    Policy(REMARK, AUTHORITIES, check=f"{_under_authority(REMARK)} and {_OWN_AUTHORITY}", command="INSERT"),
    Policy(
        REMARK,
        AUTHORITIES,
        using=f"{_under_authority(REMARK)} and {_OWN_AUTHORITY}",
        check=f"{_under_authority(REMARK)} and {_OWN_AUTHORITY}",
        command="UPDATE",
    ),
]
FUNCTIONS: dict[str, tuple[str, ...]] = {"quality_mark()": ()}
