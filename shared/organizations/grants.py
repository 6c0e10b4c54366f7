"""Directories are readable by everyone who works here; only the owner's commands change them.

An organization writes some columns of its own row: the facts of its card. Neither another row nor its place in the
hierarchy, its address, schema or state is within its reach. Source: ORGANIZATION 2.1, R-195, R-197, R-198.
"""

from typing import Final

from shared.tenancy import names
from shared.tenancy.grants import OWN_ORGANIZATION, Grants, Policy, own_scope
from shared.tenancy.names import ACCOUNTS, APP, AUTHORITIES, OPERATOR, ORGANIZATIONS, PROJECTOR

_READERS: Final = (APP, ACCOUNTS, OPERATOR, PROJECTOR, ORGANIZATIONS, AUTHORITIES)
_EVERYONE: Final = dict.fromkeys(_READERS, "SELECT")
CARD_COLUMNS: Final = (
    *("full_name", "short_name", "urban_rural", "inn", "kpp", "ogrn", "address", "phone", "email", "website"),
    *("head_name", "head_position", "card_confirmed_on", "updated_at"),
)
_TABLE: Final = "organizations_organization"
_AGREEMENT: Final = "organizations_connectionagreement"
# The ministry of the region writes its agreements, a municipal office reads those of its municipality.
_OWN_AGREEMENT: Final = f"current_user = '{names.role('au_')}' || authority_id"
_OF_MUNICIPALITY: Final = f"municipality_id = {own_scope('municipality_oktmo')}"

GRANTS: Grants = {
    "organizations_region": _EVERYONE,
    "organizations_municipality": _EVERYONE,
    "organizations_authoritybody": _EVERYONE,
    _TABLE: _EVERYONE | {OPERATOR: "SELECT, UPDATE", ORGANIZATIONS: f"SELECT, UPDATE ({', '.join(CARD_COLUMNS)})"},
    "organizations_domain": {APP: "SELECT", ACCOUNTS: "SELECT", OPERATOR: "SELECT, INSERT, UPDATE, DELETE"},
    # Where an organization belonged is known to who makes its rows of the registry; the console plans, the owner does.
    "organizations_subordination": {APP: "SELECT", OPERATOR: "SELECT, INSERT, DELETE", PROJECTOR: "SELECT"},
    _AGREEMENT: {OPERATOR: "SELECT, INSERT, UPDATE", AUTHORITIES: "SELECT, INSERT, UPDATE"},
}
POLICIES = [
    *[Policy(_TABLE, role, using="true", command="SELECT") for role in _READERS if role != AUTHORITIES],
    # A copy of an organization is none of those they look after, whoever asks however.
    Policy(_TABLE, AUTHORITIES, using="copied_at is null", command="SELECT"),
    Policy(_TABLE, OPERATOR, using="true", check="true", command="UPDATE"),
    Policy(
        _TABLE,
        ORGANIZATIONS,
        using=f"id = {OWN_ORGANIZATION}",
        check=f"id = {OWN_ORGANIZATION}",
        command="UPDATE",
    ),
    *[
        Policy("organizations_subordination", role, using="true", command="SELECT")
        for role in (APP, OPERATOR, PROJECTOR)
    ],
    Policy("organizations_subordination", OPERATOR, using="carried_out_at is null", command="DELETE"),
    Policy("organizations_subordination", OPERATOR, check="carried_out_at is null", command="INSERT"),
    Policy(_AGREEMENT, OPERATOR, using="true", check="true"),
    Policy(_AGREEMENT, AUTHORITIES, using=f"{_OWN_AGREEMENT} or {_OF_MUNICIPALITY}", command="SELECT"),
    Policy(_AGREEMENT, AUTHORITIES, check=_OWN_AGREEMENT, command="INSERT"),
    Policy(_AGREEMENT, AUTHORITIES, using=_OWN_AGREEMENT, check=_OWN_AGREEMENT, command="UPDATE"),
]
FUNCTIONS: dict[str, tuple[str, ...]] = {"organizations_count_rename()": ()}
