"""Addresses of taking records back from a copy."""

from django.urls import path

from tenants.recovery import request_views, views

app_name = "recovery"
urlpatterns = [
    path("", views.copies, name="copies"),
    path("<uuid:offer_id>/", views.comparison, name="comparison"),
    path("<uuid:offer_id>/list.xlsx", views.export, name="export"),
    path("<uuid:offer_id>/compare/", views.compare, name="compare"),
    path("<uuid:offer_id>/chosen/", request_views.chosen, name="chosen"),
    path("<uuid:offer_id>/ask/", request_views.ask, name="ask"),
    path("<uuid:offer_id>/<slug:entity>/<uuid:head_id>/", views.record, name="record"),
    path("reveal/<uuid:difference_id>/<slug:column>/<slug:side>/", views.reveal, name="reveal"),
    path("requests/<uuid:approval_id>/", request_views.request_page, name="request"),
    path("requests/<uuid:approval_id>/undo/", request_views.undo, name="undo"),
]
