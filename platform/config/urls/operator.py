"""Addresses of the host ``operator``."""

from django.urls import include, path

from api.v1 import urls as api
from config import metrics
from config.urls.common import COMMON, handler400, handler403, handler404, handler500  # noqa: F401
from shared.appointments.urls import user_urls

urlpatterns = [
    path("", include("fleet.urls")),
    path("agreements/", include("fleet.agreement_urls")),
    path("audit/", include("shared.logbook.urls")),
    path("users/", user_urls()),
    path("credentials/", include("shared.credentials.urls")),
    path("metrics", metrics.metrics, name="metrics"),
    path("approvals/", include("shared.signatures.urls")),
    *api.OPERATOR,
    *COMMON,
]
