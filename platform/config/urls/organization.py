"""Addresses of the host ``organization``."""

from config.urls.common import COMMON

urlpatterns = [*COMMON]
