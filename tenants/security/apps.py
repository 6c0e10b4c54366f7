from django.apps import AppConfig


class SecurityConfig(AppConfig):
    name = "tenants.security"
    label = "security"
    verbose_name = "Защита персональных данных"

    def ready(self) -> None:
        from tenants.files.keepers import keep
        from tenants.security.regulations import REGULATION, may_open_regulation

        keep(REGULATION, may_open_regulation)
