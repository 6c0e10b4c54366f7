"""Addresses of the organization's log."""

from django.urls import path

from tenants.history import views

app_name = "history"
urlpatterns = [
    path("", views.log, name="log"),
    path("export.<slug:extension>", views.export, name="export"),
    path("student/<uuid:student_id>/", views.student, name="student"),
    path("student/<uuid:student_id>/looks.pdf", views.student_paper, name="student_paper"),
]
