from django.apps import AppConfig


class CopiesConfig(AppConfig):
    name = "shared.copies"
    label = "copies"
    verbose_name = "Копии, предложенные организациям"
