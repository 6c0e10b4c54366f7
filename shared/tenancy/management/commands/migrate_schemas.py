"""Takes the place of django-tenants' ``migrate_schemas``."""

from shared.tenancy.management.refused import RefusedCommand as Command

__all__ = ["Command"]
