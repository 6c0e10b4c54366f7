from django.apps import AppConfig


class CredentialsConfig(AppConfig):
    name = "shared.credentials"
    label = "credentials"
    verbose_name = "Выдача логинов и паролей"
