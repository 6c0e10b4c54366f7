"""Addresses of the operator's console."""

from django.urls import path

from fleet.views import maintenance, onboarding, organization, organization_changes, organizations, support, upgrades

app_name = "fleet"
urlpatterns = [
    path("", organizations.organizations, name="organizations"),
    path("organizations/<slug:slug>/", organization.organization, name="organization"),
    path("organizations/<slug:slug>/rename/", organization_changes.rename, name="rename"),
    path("organizations/<slug:slug>/forget-address/", organization_changes.forget_address, name="forget_address"),
    path("organizations/<slug:slug>/move/", organization_changes.move, name="move"),
    path("organizations/<slug:slug>/undo-move/", organization_changes.undo_move, name="undo_move"),
    path("organizations/<slug:slug>/suspend/", organizations.suspend, name="suspend"),
    path("organizations/<slug:slug>/resume/", organizations.resume, name="resume"),
    path("upgrades/", upgrades.upgrades, name="upgrades"),
    path("upgrades/carry-on/", upgrades.carry_on, name="carry_on"),
    path("upgrades/<uuid:upgrade_id>/", upgrades.upgrade, name="upgrade"),
    path("upgrades/<uuid:upgrade_id>/progress/", upgrades.progress, name="progress_of_upgrade"),
    path("maintenance/", maintenance.breaks, name="breaks"),
    path("maintenance/announce/", maintenance.announce, name="break_announce"),
    path("maintenance/list.xlsx", maintenance.export, name="breaks_export"),
    path("maintenance/<int:number>/", maintenance.one_break, name="break"),
    path("maintenance/<int:number>/state/", maintenance.state, name="break_state"),
    path("maintenance/<int:number>/settle/", maintenance.settle, name="break_settle"),
    path("maintenance/<int:number>/start/", maintenance.start, name="break_start"),
    path("maintenance/<int:number>/extend/", maintenance.extend, name="break_extend"),
    path("maintenance/<int:number>/announce-end/", maintenance.announce_end, name="break_announce_end"),
    path("maintenance/<int:number>/end/", maintenance.end, name="break_end"),
    path("maintenance/<int:number>/withdraw/", maintenance.withdraw, name="break_withdraw"),
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
