from django.apps import AppConfig


class RegionConsolidationConfig(AppConfig):
    name = "region.consolidation"
    label = "region_consolidation"
    verbose_name = "Сводные формы"
