from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "tenants.people"
    label = "people"
    verbose_name = "Люди"

    def ready(self) -> None:
        from tenants.files.keepers import keep
        from tenants.people.achievements import SCAN, may_open_scan

        keep(SCAN, may_open_scan)
