from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "shared.access"
    label = "access"
    verbose_name = "Права доступа"
