"""An organization reads the copies offered to it and notes how its comparison goes; the worker finds old ones."""

from typing import Final

from shared.copies.models import OfferedCopy
from shared.tenancy.grants import OWN_ORGANIZATION, Grants, Policy
from shared.tenancy.names import APP, ORGANIZATIONS

_TABLE: Final = "copies_offeredcopy"
_OWN: Final = f"organization_id = {OWN_ORGANIZATION}"

GRANTS: Grants = {_TABLE: {APP: "SELECT", ORGANIZATIONS: f"SELECT, UPDATE ({', '.join(OfferedCopy.PROGRESS)})"}}
POLICIES = [
    Policy(_TABLE, APP, using="true", command="SELECT"),
    Policy(_TABLE, ORGANIZATIONS, using=_OWN, command="SELECT"),
    Policy(_TABLE, ORGANIZATIONS, using=_OWN, check=_OWN, command="UPDATE"),
]
