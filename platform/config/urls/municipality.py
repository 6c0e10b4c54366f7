"""Addresses of the host ``municipality``."""

from config.urls.common import COMMON

urlpatterns = [*COMMON]
