from django.apps import AppConfig


class DutiesConfig(AppConfig):
    name = "tenants.duties"
    label = "duties"
    verbose_name = "Обязанности и сроки"
