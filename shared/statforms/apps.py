from django.apps import AppConfig


class StatformsConfig(AppConfig):
    name = "shared.statforms"
    label = "statforms"
    verbose_name = "Формы федерального статистического наблюдения"
