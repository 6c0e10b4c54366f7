"""Addresses that every host answers. Source: INTERFACES 2."""

from django.urls import path

from config import health
from shared.access import purposes
from shared.access.urls import ADDRESSES

COMMON = [
    *ADDRESSES,
    path("purpose/", purposes.state_purpose, name="purpose"),
    path("healthz", health.live, name="healthz"),
    path("readyz", health.ready, name="readyz"),
]
# Django reads these names from the host's own module: each imports them.
handler400 = "config.errors.bad_request"
handler403 = "config.errors.forbidden"
handler404 = "config.errors.not_found"
handler500 = "config.errors.fault"
