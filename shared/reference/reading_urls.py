"""Addresses of the classifiers where they are only read."""

from shared.reference.urls import READING

app_name = "classifiers"
urlpatterns = READING
