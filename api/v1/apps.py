from django.apps import AppConfig


class ApiV1Config(AppConfig):
    name = "api.v1"
    label = "api_v1"
    verbose_name = "API"
