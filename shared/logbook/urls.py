"""Addresses of the public log."""

from django.urls import path

from shared.logbook import views

app_name = "logbook"
urlpatterns = [
    path("", views.log, name="log"),
    path("export.<slug:extension>", views.export, name="export"),
]
