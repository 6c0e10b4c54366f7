"""Accounts and sessions: identity and closing read and write sessions; only role ``accounts`` changes accounts."""

from shared.tenancy.grants import Grants
from shared.tenancy.names import ACCOUNTS, APP

_ALL = "SELECT, INSERT, UPDATE, DELETE"

GRANTS: Grants = {
    "accounts_account": {APP: "SELECT", ACCOUNTS: "SELECT, INSERT, UPDATE"},
    "accounts_session": {APP: _ALL, ACCOUNTS: "SELECT, DELETE"},
    "accounts_apitoken": {APP: "SELECT", ACCOUNTS: _ALL},
    "accounts_handoffcode": {ACCOUNTS: _ALL},
    "accounts_signinattempt": {APP: "SELECT, INSERT", ACCOUNTS: "SELECT"},
}
