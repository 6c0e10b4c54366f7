from django.apps import AppConfig


class FamilyConfig(AppConfig):
    name = "tenants.family"
    label = "family"
    verbose_name = "Кабинет семьи"
