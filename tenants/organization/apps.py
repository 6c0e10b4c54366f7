from django.apps import AppConfig


class OrganizationConfig(AppConfig):
    name = "tenants.organization"
    label = "organization"
    verbose_name = "Карточка организации"

    def ready(self) -> None:
        from tenants.files.keepers import keep
        from tenants.organization.papers import PAPER, may_open_paper

        keep(PAPER, may_open_paper)
