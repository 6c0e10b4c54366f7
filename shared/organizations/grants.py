"""Directories are readable by everyone who works here; only the owner's commands change them."""

from shared.tenancy.grants import Grants
from shared.tenancy.names import ACCOUNTS, APP, AUTHORITIES, OPERATOR, ORGANIZATIONS, PROJECTOR

_EVERYONE = dict.fromkeys((APP, ACCOUNTS, OPERATOR, PROJECTOR, ORGANIZATIONS, AUTHORITIES), "SELECT")

GRANTS: Grants = {
    "organizations_region": _EVERYONE,
    "organizations_municipality": _EVERYONE,
    "organizations_authoritybody": _EVERYONE,
    "organizations_organization": _EVERYONE | {OPERATOR: "SELECT, UPDATE"},
    "organizations_domain": dict.fromkeys((APP, ACCOUNTS, OPERATOR), "SELECT"),
}
