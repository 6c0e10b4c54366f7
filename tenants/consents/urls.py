"""Addresses of consents."""

from django.urls import path

from tenants.consents import care_views, views

app_name = "consents"
urlpatterns = [
    path("", views.register, name="register"),
    path("export.xlsx", views.export, name="export"),
    path("export.pdf", views.export_pdf, name="export_pdf"),
    path("students/<uuid:student_id>/", views.subject, name="subject"),
    path("new/<uuid:student_id>/", views.new, name="new"),
    path("new/employee/", views.new_employee, name="new_employee"),
    path("form/<uuid:student_id>/consent.pdf", views.form_pdf, name="form"),
    path("<uuid:consent_id>/", views.detail, name="detail"),
    path("<uuid:consent_id>/scan/", views.scan, name="scan"),
    path("<uuid:consent_id>/withdraw/", views.withdraw_consent, name="withdraw"),
    path("blocked/", care_views.blocked, name="blocked"),
    path("blocked/<uuid:student_id>/", care_views.blocked_one, name="blocked_one"),
    path("blocked/<uuid:student_id>/act.pdf", care_views.act, name="act"),
    path("operator/", care_views.operator, name="operator"),
    path("requests/", care_views.requests, name="requests"),
    path("requests/<uuid:request_id>/", care_views.answer_request, name="answer"),
]
