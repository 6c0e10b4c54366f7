from django.apps import AppConfig


class CardsConfig(AppConfig):
    name = "tenants.cards"
    label = "cards"
    verbose_name = "Карточки"
