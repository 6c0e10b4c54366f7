from django.apps import AppConfig


class RecoveryConfig(AppConfig):
    name = "tenants.recovery"
    label = "recovery"
    verbose_name = "Возврат записей из копии"

    def ready(self) -> None:
        from shared.access.approvals.kinds import register
        from tenants.cards.forgetting import also_forget
        from tenants.recovery.asking import TAKING
        from tenants.recovery.bars import forget

        register(TAKING)
        also_forget(forget)
