"""Form editions are public reading; only the owner's commands load them."""

from shared.tenancy.grants import Grants
from shared.tenancy.names import AUTHORITIES, ORGANIZATIONS, PROJECTOR

GRANTS: Grants = {"statforms_formedition": dict.fromkeys((PROJECTOR, ORGANIZATIONS, AUTHORITIES), "SELECT")}
