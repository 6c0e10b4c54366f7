from django.apps import AppConfig


class FleetConfig(AppConfig):
    name = "fleet"
    label = "fleet"
    verbose_name = "Парк организаций"

    def ready(self) -> None:
        from fleet.archive import ARCHIVE
        from shared.access.approvals.kinds import register

        register(ARCHIVE)
