from importlib import import_module

from django.apps import AppConfig


class RoomsConfig(AppConfig):
    name = "config.rooms"
    label = "rooms"
    verbose_name = "Общие страницы"

    def ready(self) -> None:
        # Our Celery application, made now that the settings are chosen, becomes the one that tasks are sent through.
        import_module("config.celery")
