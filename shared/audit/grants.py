"""The public log: written by functions alone, read by its place. The worker's owner login seals it."""

from shared.tenancy import names
from shared.tenancy.grants import OWN_ORGANIZATION, Grants, Policy
from shared.tenancy.names import ACCOUNTS, APP, AUTHORITIES, OPERATOR, ORGANIZATIONS

OWN_AUTHORITY = f"current_user = '{names.role('au_')}' || authority_id"
# What the operator answers for: what has no place, and the life of organizations.
OPERATORS_PLANE = (
    "(organization_id is null and authority_id is null) or object_kind like 'organizations\\_%' "
    "or object_kind like 'fleet\\_%'"
)

GRANTS: Grants = {
    "audit_event": dict.fromkeys((ORGANIZATIONS, AUTHORITIES, OPERATOR), "SELECT"),
    "audit_chain": {OPERATOR: "SELECT"},
    "audit_visit": {
        APP: "SELECT, INSERT, UPDATE",
        ACCOUNTS: "SELECT",
        OPERATOR: "SELECT (organization_id, day, seen_at)",
    },
    "audit_last_visit": {AUTHORITIES: "SELECT"},
    "audit_visit_day": {AUTHORITIES: "SELECT"},
}
POLICIES = [
    Policy("audit_event", ORGANIZATIONS, using=f"organization_id = {OWN_ORGANIZATION}", command="SELECT"),
    Policy("audit_event", AUTHORITIES, using=OWN_AUTHORITY, command="SELECT"),
    Policy("audit_event", OPERATOR, using=OPERATORS_PLANE, command="SELECT"),
]
FUNCTIONS: dict[str, tuple[str, ...]] = {
    "audit_note(uuid, integer, text, text, text, integer, text, jsonb)": (APP,),
    "audit_record()": (),
    "audit_refuse()": (),
    "history_record()": (),
    "history_refuse()": (),
}
