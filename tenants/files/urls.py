"""Addresses of kept files: apart from every page, so a proxy or a browser can treat them apart."""

from django.urls import path

from tenants.files import views

app_name = "files"
urlpatterns = [path("<uuid:file_id>/", views.open_stored, name="open")]
