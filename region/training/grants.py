"""Registrations and claims are managed beside accounts, by the same role; no other role sees them."""

from shared.tenancy.grants import Grants
from shared.tenancy.names import ACCOUNTS

GRANTS: Grants = {
    "training_registration": {ACCOUNTS: "SELECT, INSERT, UPDATE"},
    "training_claim": {ACCOUNTS: "SELECT, INSERT, UPDATE"},
}
