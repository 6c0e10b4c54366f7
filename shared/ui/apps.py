"""The UI kit as a Django app: templates, static files and component tags; it has no models."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Base pages and components that every workspace is built from."""

    name = "shared.ui"
    label = "ui"
    verbose_name = "Интерфейс"
