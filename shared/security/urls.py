"""Addresses of the control over measures, on the hosts of authorities."""

from django.urls import path

from shared.security import views

app_name = "security_watch"
urlpatterns = [
    path("", views.table, name="table"),
    path("organizations.xlsx", views.export, {"extension": "xlsx"}, name="xlsx"),
    path("organizations.pdf", views.export, {"extension": "pdf"}, name="pdf"),
]
