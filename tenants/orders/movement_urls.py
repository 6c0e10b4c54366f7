"""Addresses of the movement book."""

from django.urls import path

from tenants.orders.views import movement

app_name = "movement"
urlpatterns = [
    path("", movement.book, name="book"),
    path("export.xlsx", movement.export, name="export"),
]
