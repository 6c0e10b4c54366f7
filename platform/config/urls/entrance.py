"""Addresses of the host ``entrance``."""

from django.urls import path

from api.v1 import urls as api
from config.rooms import views
from config.status import pages as status
from config.urls.common import COMMON, handler400, handler403, handler404, handler500  # noqa: F401

urlpatterns = [
    path("", views.entrance, name="home"),
    path("status/", status.page, name="status"),
    path("status.json", status.twin, name="status_twin"),
    *api.ANY_HOST,
    *COMMON,
]
