"""Addresses of the host ``training``."""

from django.urls import include, path

from api.v1 import urls as api
from config.urls.common import COMMON, handler400, handler403, handler404, handler500  # noqa: F401
from region.training.views import own

urlpatterns = [
    path("", own.home, name="home"),
    path("", include("region.training.urls")),
    *api.ANY_HOST,
    *COMMON,
]
