from django.apps import AppConfig


class ConsentsConfig(AppConfig):
    name = "tenants.consents"
    label = "consents"
    verbose_name = "Согласия"

    def ready(self) -> None:
        from tenants.consents.scans import SCAN, may_open_scan
        from tenants.files.keepers import keep

        keep(SCAN, may_open_scan)
