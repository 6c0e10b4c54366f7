"""The log of an organization: its own role reads it and adds notes; only triggers write row history."""

from shared.tenancy.grants import TenantGrants

TENANT_GRANTS = TenantGrants(
    tables={"history_event": "SELECT", "history_event_id_seq": ""},
    functions=("history_note(text, text, text, integer, text, jsonb)",),
)
