"""Addresses of the host ``region``."""

from django.urls import include, path

from api.v1 import urls as api
from config.urls.common import COMMON, handler400, handler403, handler404, handler500  # noqa: F401
from shared.appointments.urls import ceiling_urls, user_urls
from shared.statforms.urls import form_urls

urlpatterns = [
    path("", include("region.registry.home_urls")),
    path("registry/", include("region.registry.urls")),
    path("forms/", form_urls()),
    path("agreements/", include("fleet.agreement_urls")),
    path("audit/", include("shared.logbook.urls")),
    path("visits/", include("shared.logbook.total_urls")),
    path("users/", user_urls()),
    path("credentials/", include("shared.credentials.urls")),
    path("rights/ceilings/", ceiling_urls()),
    path("security/", include("shared.security.urls")),
    path("quality/", include("shared.quality.urls")),
    path("classifiers/", include("shared.reference.urls")),
    path("approvals/", include("shared.signatures.urls")),
    *api.AUTHORITY,
    *COMMON,
]
