"""Takes the place of Django's and django-tenants' ``migrate``."""

from shared.tenancy.management.refused import RefusedCommand as Command

__all__ = ["Command"]
