"""Addresses of the operator's console."""

from django.urls import path

from fleet.views import onboarding, organizations, support, upgrades

app_name = "fleet"
urlpatterns = [
    path("", organizations.organizations, name="organizations"),
    path("organizations/<slug:slug>/suspend/", organizations.suspend, name="suspend"),
    path("organizations/<slug:slug>/resume/", organizations.resume, name="resume"),
    path("upgrades/", upgrades.upgrades, name="upgrades"),
    path("upgrades/carry-on/", upgrades.carry_on, name="carry_on"),
    path("upgrades/<uuid:upgrade_id>/", upgrades.upgrade, name="upgrade"),
    path("upgrades/<uuid:upgrade_id>/progress/", upgrades.progress, name="progress_of_upgrade"),
    path("support/", support.cases, name="support"),
    path("support/list.xlsx", support.export, name="support_export"),
    path("support/<uuid:case_id>/take/", support.take, name="support_take"),
    path("support/<uuid:case_id>/enter/", support.enter, name="support_enter"),
    path("onboarding/", onboarding.upload, name="onboarding"),
    path("onboarding/<uuid:run_id>/", onboarding.run, name="run"),
    path("onboarding/<uuid:run_id>/progress/", onboarding.progress, name="progress"),
    path("onboarding/<uuid:run_id>/start/", onboarding.start, name="start"),
    path("onboarding/<uuid:run_id>/sheet/", onboarding.sheet, name="sheet"),
    path("onboarding/<uuid:run_id>/credentials.csv", onboarding.credentials, name="credentials"),
    path("onboarding/<uuid:run_id>/rejected.csv", onboarding.rejected, name="rejected"),
]
