"""Addresses of the family room."""

from django.urls import path

from tenants.family import views

app_name = "family"
urlpatterns = [
    path("", views.children, name="children"),
    path("<uuid:student_id>/", views.child, name="child"),
    path("<uuid:student_id>/reveal/<slug:field>/", views.reveal, name="reveal"),
    path("<uuid:student_id>/special/", views.special, name="special"),
    path("<uuid:student_id>/ask/", views.ask_correction, name="ask"),
    path("<uuid:student_id>/withdraw/<uuid:consent_id>/", views.ask_withdrawal, name="withdraw"),
    path("<uuid:student_id>/report.pdf", views.report, name="report"),
]
