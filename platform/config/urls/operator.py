"""Addresses of the host ``operator``."""

from django.urls import include, path

from api.v1 import urls as api
from config import metrics
from config.urls.common import COMMON, handler400, handler403, handler404, handler500  # noqa: F401

urlpatterns = [
    path("", include("fleet.urls")),
    path("metrics", metrics.metrics, name="metrics"),
    *api.OPERATOR,
    *COMMON,
]
