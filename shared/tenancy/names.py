"""Names of schemas and roles: the only module that spells them.

Roles belong to the whole cluster, so each carries the installation's prefix. Source: ARCHITECTURE 3, TENANCY 0.3.
"""

import re

from django.conf import settings

PUBLIC = "public"
TEMPLATE = "template"

_SCHEMA = re.compile(r"t[0-9]{4,7}")


def schema_name(number: int) -> str:
    """Schema of the organization with this running number, for example ``t0001``."""
    return f"t{number:04d}"


def is_organization_schema(name: str) -> bool:
    return _SCHEMA.fullmatch(name) is not None


def role(name: str) -> str:
    """Full name of a role of this installation: ``app``, ``projector``, ``t0001``, ``au_12``…"""
    return f"{settings.ROLE_PREFIX}_{name}"


def authority_role(number: int) -> str:
    """Role of an authority (орган управления) with this running number."""
    return role(f"au_{number}")


APP = "app"
OWNER = "owner"
PROJECTOR = "projector"
ACCOUNTS = "accounts"
OPERATOR = "operator"
ORGANIZATIONS = "organizations"
AUTHORITIES = "authorities"

LOGINS = (APP, OWNER)
SERVICE_ROLES = (PROJECTOR, ACCOUNTS, OPERATOR)
GROUPS = (ORGANIZATIONS, AUTHORITIES)
