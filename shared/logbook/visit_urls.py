"""Addresses of visit statistics inside an organization."""

from django.urls import path

from shared.logbook import visit_views

app_name = "visits"
urlpatterns = [
    path("", visit_views.people, name="page"),
    path("export.xlsx", visit_views.people_file, name="export"),
]
