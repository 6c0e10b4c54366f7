"""Which apps live in the public schema and which in every organization's."""

SHARED_APPS = [
    "shared.tenancy",
    "django_tenants",
    "django.forms",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "django_htmx",
    "shared.ui",
    "shared.organizations",
    "shared.accounts",
    "shared.access",
    "shared.messaging",
    "shared.contingent",
    "shared.statforms",
    "municipality.oversight",
    "region.registry",
    "fleet",
    "config.rooms",
    "api.v1",
]
TENANT_APPS = [
    "tenants.people",
    "tenants.groups",
    "tenants.orders",
    "tenants.intake",
    "tenants.oversight",
    "tenants.home",
]
INSTALLED_APPS = [*SHARED_APPS, *TENANT_APPS]
