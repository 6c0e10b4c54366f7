from django.apps import AppConfig


class QualityStateConfig(AppConfig):
    name = "shared.quality"
    label = "quality_state"
    verbose_name = "Полнота и актуальность данных: показатели организаций"
