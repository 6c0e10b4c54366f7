"""The console keeps its runs and compares versions; creating organizations is the worker's, through ``owner``."""

from shared.tenancy.grants import Grants
from shared.tenancy.names import APP, OPERATOR

GRANTS: Grants = {
    "fleet_backup": {OPERATOR: "SELECT", APP: "SELECT (id, kind, outcome, taken_at)"},
    "fleet_onboardingrun": {OPERATOR: "SELECT, INSERT, UPDATE"},
    "fleet_upgrade": {OPERATOR: "SELECT"},
    "fleet_upgradeline": {OPERATOR: "SELECT"},
    "tenancy_templatescript": {OPERATOR: "SELECT (fingerprint, made_at)"},
}
