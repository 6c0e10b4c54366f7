from django.apps import AppConfig


class SecurityStateConfig(AppConfig):
    name = "shared.security"
    label = "security_state"
    verbose_name = "Состояние защиты персональных данных"
