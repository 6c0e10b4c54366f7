"""Addresses of the host ``training``."""

from config.urls.common import COMMON

urlpatterns = [*COMMON]
