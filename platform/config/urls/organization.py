"""Addresses of the host ``organization``."""

from django.urls import include, path

from api.v1 import urls as api
from config.urls.common import COMMON, handler400, handler403, handler404, handler500  # noqa: F401
from shared.appointments.urls import rights_urls, user_urls
from shared.statforms.urls import form_urls
from tenants.groups.choices import group_choices
from tenants.people.names import learner_names

urlpatterns = [
    path("", include("tenants.home.urls")),
    path("students/", include("tenants.people.urls")),
    path("staff/", include("tenants.staff.urls")),
    path("cards/files/", include("tenants.cards.files.urls")),
    path("guardians/", include("tenants.people.guardian_urls")),
    path("achievements/", include("tenants.people.achievement_urls")),
    path("cards/", include("tenants.cards.urls")),
    path("consents/", include("tenants.consents.urls")),
    path("papers/", include("tenants.papers.urls")),
    path("check/", include("tenants.papers.check_urls")),
    path("family/", include("tenants.family.urls")),
    path("groups/", include("tenants.groups.urls")),
    path("orders/", include("tenants.orders.urls")),
    path("movement/", include("tenants.orders.movement_urls")),
    path("import/", include("tenants.intake.urls")),
    path("forms/", form_urls(learner_names)),
    path("audit/access/", include("shared.logbook.urls")),
    path("audit/", include("tenants.history.urls")),
    path("visits/", include("shared.logbook.visit_urls")),
    path("files/", include("tenants.files.urls")),
    path("users/", user_urls(group_choices)),
    path("credentials/guardians/", include("tenants.family.guardian_urls")),
    path("credentials/", include("shared.credentials.urls")),
    path("rights/", rights_urls(group_choices)),
    path("duties/", include("tenants.duties.urls")),
    path("organization/", include("tenants.organization.urls")),
    path("classifiers/", include("shared.reference.urls")),
    path("support/", include("tenants.support.urls")),
    path("security/", include("tenants.security.urls")),
    path("quality/", include("tenants.quality.urls")),
    path("archive/", include("tenants.archive.urls")),
    path("approvals/", include("shared.signatures.urls")),
    path("recovery/", include("tenants.recovery.urls")),
    *api.ORGANIZATION,
    *COMMON,
]
