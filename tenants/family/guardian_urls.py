"""Addresses of giving parents access."""

from django.urls import path

from tenants.family import guardian_views

app_name = "guardians"
urlpatterns = [
    path("", guardian_views.classes, name="classes"),
    path("<uuid:group_id>/", guardian_views.of_class, name="of_class"),
]
