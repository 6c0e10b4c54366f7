"""Addresses of learners."""

from django.urls import path

from tenants.people import special_views, views

app_name = "people"
urlpatterns = [
    path("", views.student_list, name="list"),
    path("export.xlsx", views.export, name="export"),
    path("<uuid:student_id>/", views.card, name="card"),
    path("<uuid:student_id>/peek/", views.peek, name="peek"),
    path("<uuid:student_id>/edit/", views.edit, name="edit"),
    path("<uuid:student_id>/report.pdf", views.report, name="report"),
    path("<uuid:student_id>/special/", special_views.special, name="special"),
    path("<uuid:student_id>/special/edit/", special_views.special_edit, name="special_edit"),
    path("<uuid:student_id>/reveal/<slug:field>/", views.reveal, name="reveal"),
    path("<uuid:student_id>/guardians/<uuid:link_id>/reveal/", views.reveal_guardian, name="reveal_guardian"),
]
