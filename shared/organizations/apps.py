from django.apps import AppConfig


class OrganizationsConfig(AppConfig):
    name = "shared.organizations"
    label = "organizations"
    verbose_name = "Организации"
