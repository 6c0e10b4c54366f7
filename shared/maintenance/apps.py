from django.apps import AppConfig


class MaintenanceConfig(AppConfig):
    name = "shared.maintenance"
    label = "maintenance"
    verbose_name = "Технологические перерывы"
