from django.apps import AppConfig


class MunicipalOversightConfig(AppConfig):
    name = "municipality.oversight"
    label = "municipal_oversight"
    verbose_name = "Надзор муниципалитета"
