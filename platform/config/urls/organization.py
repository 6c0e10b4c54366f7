"""Addresses of the host ``organization``."""

from django.urls import include, path

from api.v1 import urls as api
from config.urls.common import COMMON, handler400, handler403, handler404, handler500  # noqa: F401
from shared.statforms.urls import form_urls
from tenants.people.names import learner_names

urlpatterns = [
    path("", include("tenants.home.urls")),
    path("students/", include("tenants.people.urls")),
    path("groups/", include("tenants.groups.urls")),
    path("orders/", include("tenants.orders.urls")),
    path("movement/", include("tenants.orders.movement_urls")),
    path("import/", include("tenants.intake.urls")),
    path("forms/", form_urls(learner_names)),
    *api.ORGANIZATION,
    *COMMON,
]
