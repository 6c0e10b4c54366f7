"""The first page of the region; the registry itself is mounted on two hosts and stands in ``urls``."""

from django.urls import path

from region.registry import organizations
from region.registry.home import home

app_name = "region"
urlpatterns = [
    path("", home, name="home"),
    path("organizations/", organizations.organizations, name="organizations"),
    path("organizations.xlsx", organizations.export, name="organizations_xlsx"),
]
