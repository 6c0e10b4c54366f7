from django.apps import AppConfig


class OrganizationConfig(AppConfig):
    name = "tenants.organization"
    label = "organization"
    verbose_name = "Карточка организации"

    def ready(self) -> None:
        from tenants.files.keepers import keep
        from tenants.organization.leaving import CHARGES
        from tenants.organization.papers import PAPER, may_open_paper
        from tenants.staff.charges import keep_charges

        keep(PAPER, may_open_paper)
        keep_charges("organization", CHARGES)
