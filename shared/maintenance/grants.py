"""Everybody's processes ask whether there is a break; the operator's console keeps the register."""

from shared.tenancy.grants import ALL_ROLES, Grants
from shared.tenancy.names import APP, OPERATOR

GRANTS: Grants = {
    "maintenance_maintenancebreak": {APP: "SELECT", OPERATOR: "SELECT, INSERT, UPDATE"},
    "maintenance_fault": {APP: "SELECT, INSERT, UPDATE, DELETE", OPERATOR: "SELECT"},
    "maintenance_heartbeat": {APP: "SELECT, INSERT, UPDATE"},
}
FUNCTIONS: dict[str, tuple[str, ...]] = {"maintenance_gate(integer)": ALL_ROLES}
