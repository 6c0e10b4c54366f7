from django.apps import AppConfig


class ContingentConfig(AppConfig):
    name = "shared.contingent"
    label = "contingent"
    verbose_name = "Реестр контингента"
