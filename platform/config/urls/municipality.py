"""Addresses of the host ``municipality``."""

from django.urls import include, path

from api.v1 import urls as api
from config.urls.common import COMMON, handler400, handler403, handler404, handler500  # noqa: F401
from shared.statforms.urls import form_urls

urlpatterns = [
    path("", include("municipality.oversight.urls")),
    path("registry/", include("region.registry.urls")),
    path("forms/", form_urls()),
    *api.AUTHORITY,
    *COMMON,
]
