"""Which app's tables belong to which schema."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django_tenants.routers import TenantSyncRouter

from shared.tenancy.connection import tenant_connection
from shared.tenancy.names import PUBLIC


class SchemaRouter(TenantSyncRouter):
    """django-tenants' rule for our two aliases: only ``owner`` changes tables."""

    def allow_migrate(self, db: str, app_label: str, model_name: str | None = None, **hints: Any) -> bool | None:
        in_public = tenant_connection(db).schema_name == PUBLIC
        wanted = settings.SHARED_APPS if in_public else settings.TENANT_APPS
        return (
            None
            if self.app_in_list(app_label, wanted) and apps.is_installed(apps.get_app_config(app_label).name)
            else False
        )
