from django.apps import AppConfig


class LogbookConfig(AppConfig):
    name = "shared.logbook"
    label = "logbook"
    verbose_name = "Журнал: просмотр"
