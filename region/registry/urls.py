"""Addresses of the registry, mounted on the hosts of the region and of municipalities."""

from django.urls import path

from region.registry import counting_views, views

app_name = "registry"
urlpatterns = [
    path("", views.people, name="people"),
    path("facets/", views.facets, name="facets"),
    path("people/<uuid:person_id>/", views.person, name="person"),
    path("counts/", counting_views.counts, name="counts"),
    path("counts/export.xlsx", counting_views.export, name="counts_export"),
]
