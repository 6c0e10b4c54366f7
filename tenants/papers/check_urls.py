"""Addresses of the public check of papers."""

from django.urls import path

from tenants.papers.views import checking

app_name = "check"
urlpatterns = [
    path("", checking.check, name="form"),
    path("<slug:code>/", checking.check, name="code"),
]
