"""Addresses of the host ``services``."""

from config.urls.common import COMMON

urlpatterns = [*COMMON]
