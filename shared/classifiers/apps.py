from django.apps import AppConfig


class ClassifiersConfig(AppConfig):
    name = "shared.classifiers"
    label = "classifiers"
    verbose_name = "Справочники"
