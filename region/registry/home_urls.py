"""The first page of the region; the registry itself is mounted on two hosts and stands in ``urls``."""

from django.urls import path

from region.registry.home import home

app_name = "region"
urlpatterns = [path("", home, name="home")]
