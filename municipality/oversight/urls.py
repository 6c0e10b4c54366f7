"""Addresses of the municipal workspace; ``organizations/<slug>/`` is the limited view of one organization."""

from django.urls import path

from municipality.oversight import views

app_name = "municipality"
urlpatterns = [
    path("", views.home, name="home"),
    path("organizations.xlsx", views.export, name="export"),
    path("organizations/<slug:slug>/", views.organization, name="organization"),
    path("organizations/<slug:slug>/learners/", views.learners, name="learners"),
    path("organizations/<slug:slug>/movement/", views.movement, name="movement"),
]
