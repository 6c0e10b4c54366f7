"""Addresses of representatives."""

from django.urls import path

from tenants.people import former_views, guardian_views

app_name = "parents"
urlpatterns = [
    path("", guardian_views.guardian_list, name="list"),
    path("export.xlsx", guardian_views.export, name="export"),
    path("<uuid:guardian_id>/", guardian_views.card, name="card"),
    path("<uuid:guardian_id>/document/new/", former_views.guardian_document, name="document"),
    path("<uuid:guardian_id>/address/new/", former_views.guardian_address, name="address"),
    path("<uuid:guardian_id>/children/<uuid:link_id>/relation/", guardian_views.relation, name="relation"),
    path("<uuid:guardian_id>/children/<uuid:link_id>/unlink/", guardian_views.unlink, name="unlink"),
    path("<uuid:guardian_id>/children/<uuid:link_id>/address/", guardian_views.take_addresses, name="take_addresses"),
]
