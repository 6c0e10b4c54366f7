from django.apps import AppConfig


class RegionRegistryConfig(AppConfig):
    name = "region.registry"
    label = "region_registry"
    verbose_name = "Реестр региона"
