"""Addresses of visit statistics above organizations."""

from django.urls import path

from shared.logbook import visit_views

app_name = "visits"
urlpatterns = [
    path("", visit_views.places, name="page"),
    path("export.xlsx", visit_views.places_file, name="export"),
]
