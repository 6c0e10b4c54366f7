"""Addresses of the host ``entrance``."""

from config.urls.common import COMMON

urlpatterns = [*COMMON]
