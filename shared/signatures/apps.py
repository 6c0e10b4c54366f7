from django.apps import AppConfig


class SignaturesConfig(AppConfig):
    name = "shared.signatures"
    label = "signatures"
    verbose_name = "Вторая подпись"
