"""Addresses of the first page."""

from django.urls import path

from tenants.home import views

app_name = "home"
urlpatterns = [
    path("", views.index, name="index"),
    path("find/", views.palette, name="palette"),
]
