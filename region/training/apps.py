from django.apps import AppConfig


class TrainingConfig(AppConfig):
    name = "region.training"
    label = "training"
    verbose_name = "Кадры: регистрация"
