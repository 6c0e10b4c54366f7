"""Addresses of the host ``operator``."""

from config.urls.common import COMMON

urlpatterns = [*COMMON]
