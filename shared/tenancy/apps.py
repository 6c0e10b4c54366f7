from django.apps import AppConfig


class TenancyConfig(AppConfig):
    name = "shared.tenancy"
    label = "tenancy"
    verbose_name = "Многоарендность"

    def ready(self) -> None:
        from shared.tenancy import lookups  # noqa: F401 - registers ``__any_of``
        from shared.tenancy.checks import register_all  # models are not loaded any earlier

        register_all()
