from django.apps import AppConfig


class ReferenceConfig(AppConfig):
    name = "shared.reference"
    label = "reference"
    verbose_name = "Справочники: просмотр и ведение"
