"""Role grants are read at identity and written only by role ``accounts``."""

from shared.tenancy.grants import Grants
from shared.tenancy.names import ACCOUNTS, APP

GRANTS: Grants = {"access_rolegrant": {APP: "SELECT", ACCOUNTS: "SELECT, INSERT, UPDATE"}}
