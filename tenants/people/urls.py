"""Addresses of learners."""

from django.urls import path

from tenants.people import achievement_views, former_views, guardian_views, new_views, special_views, views

app_name = "people"
urlpatterns = [
    path("", views.student_list, name="list"),
    path("export.xlsx", views.export, name="export"),
    path("new/", new_views.new, name="new"),
    path("new/same/", new_views.same, name="same"),
    path("<uuid:student_id>/", views.card, name="card"),
    path("<uuid:student_id>/peek/", views.peek, name="peek"),
    path("<uuid:student_id>/report.pdf", views.report, name="report"),
    path("<uuid:student_id>/special/", special_views.special, name="special"),
    path("<uuid:student_id>/special/edit/", special_views.special_edit, name="special_edit"),
    path("<uuid:student_id>/achievements/add/", achievement_views.add, name="add_achievement"),
    path("<uuid:student_id>/document/new/", former_views.student_document, name="document"),
    path("<uuid:student_id>/address/new/", former_views.student_address, name="address"),
    path("<uuid:student_id>/guardians/add/", guardian_views.add, name="add_guardian"),
    path("former/<uuid:former_id>/reveal/", former_views.reveal, name="reveal_former"),
    path("<uuid:student_id>/guardians/<uuid:link_id>/reveal/", views.reveal_guardian, name="reveal_guardian"),
]
