from django.apps import AppConfig


class OversightConfig(AppConfig):
    name = "tenants.oversight"
    label = "oversight"
    verbose_name = "Сведения для вышестоящих"
