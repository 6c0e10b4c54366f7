"""What differs is read and written by the organization's own role and by nobody else: it holds special facts too."""

from shared.tenancy.grants import TenantGrants

TENANT_GRANTS = TenantGrants(tables={"recovery_difference": "SELECT, INSERT, UPDATE, DELETE"})
