from django.apps import AppConfig


class StaffConfig(AppConfig):
    name = "tenants.staff"
    label = "staff"
    verbose_name = "Кадры"

    def ready(self) -> None:
        from tenants.files.keepers import keep
        from tenants.staff.works import WORK_FILE, may_open_work

        keep(WORK_FILE, may_open_work)
