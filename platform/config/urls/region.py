"""Addresses of the host ``region``."""

from config.urls.common import COMMON

urlpatterns = [*COMMON]
