"""Addresses of the host ``services``."""

from django.urls import path

from api.v1 import urls as api
from config.rooms import views
from config.urls.common import COMMON, handler400, handler403, handler404, handler500  # noqa: F401

urlpatterns = [path("", views.services, name="home"), *api.ANY_HOST, *COMMON]
