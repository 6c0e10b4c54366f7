"""Addresses of achievements."""

from django.urls import path

from tenants.people import achievement_views

app_name = "achievements"
urlpatterns = [
    path("", achievement_views.achievement_list, name="list"),
    path("export.xlsx", achievement_views.export, name="export"),
    path("find/", achievement_views.find, name="find"),
    path("<uuid:achievement_id>/", achievement_views.edit, name="edit"),
    path("<uuid:achievement_id>/remove/", achievement_views.remove, name="remove"),
]
