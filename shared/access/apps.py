from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "shared.access"
    label = "access"
    verbose_name = "Права доступа"

    def ready(self) -> None:
        from shared.access.approvals.exports import BULK_EXPORT
        from shared.access.approvals.kinds import register

        register(BULK_EXPORT)
