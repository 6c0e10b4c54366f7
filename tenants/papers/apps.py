from django.apps import AppConfig


class PapersConfig(AppConfig):
    name = "tenants.papers"
    label = "papers"
    verbose_name = "Справки и печать"

    def ready(self) -> None:
        from tenants.files.keepers import keep
        from tenants.papers.batches import PRINTED, may_open_printed

        keep(PRINTED, may_open_printed)
