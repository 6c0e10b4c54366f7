from django.apps import AppConfig


class ArchiveRoomConfig(AppConfig):
    name = "tenants.archive"
    label = "archive_room"
    verbose_name = "Архив организации"
