"""Addresses of classes and groups."""

from django.urls import path

from tenants.groups import views

app_name = "groups"
urlpatterns = [
    path("", views.group_list, name="list"),
    path("export.xlsx", views.export, name="export"),
    path("new/", views.create, name="new"),
    path("<uuid:group_id>/", views.detail, name="detail"),
    path("<uuid:group_id>/export.xlsx", views.export_members, name="export_members"),
    path("<uuid:group_id>/edit/", views.edit, name="edit"),
]
