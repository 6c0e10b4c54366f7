"""Accounts and sessions: identity and closing read and write sessions; only role ``accounts`` changes accounts.

The closing transaction notes when a person entered, and nothing else of his account.
"""

from shared.tenancy.grants import Grants
from shared.tenancy.names import ACCOUNTS, APP

_ALL = "SELECT, INSERT, UPDATE, DELETE"

GRANTS: Grants = {
    "accounts_account": {APP: "SELECT, UPDATE (last_entered_at)", ACCOUNTS: "SELECT, INSERT, UPDATE"},
    "accounts_session": {APP: _ALL, ACCOUNTS: "SELECT, DELETE"},
    "accounts_apitoken": {APP: "SELECT", ACCOUNTS: _ALL},
    "accounts_handoffcode": {ACCOUNTS: _ALL},
    "accounts_signinattempt": {APP: "SELECT, INSERT", ACCOUNTS: "SELECT, DELETE"},
    "accounts_authenticatorapp": {ACCOUNTS: _ALL},
    "accounts_securitykey": {ACCOUNTS: _ALL},
    "accounts_recoverycode": {ACCOUNTS: _ALL},
    "accounts_externalidentity": {ACCOUNTS: "SELECT, INSERT, DELETE"},
    "accounts_credentialissue": {ACCOUNTS: "SELECT, INSERT, UPDATE"},
}
