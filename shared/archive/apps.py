from django.apps import AppConfig


class ArchiveConfig(AppConfig):
    name = "shared.archive"
    label = "archive"
    verbose_name = "Архив для хранения"
