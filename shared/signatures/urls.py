"""Addresses of requests for a second signature, the same on every host where people decide."""

from django.urls import path

from shared.signatures import views

app_name = "approvals"
urlpatterns = [
    path("", views.approval_list, name="list"),
    path("list.xlsx", views.export, name="export"),
    path("ask/", views.ask, name="ask"),
    path("<uuid:approval_id>/", views.detail, name="detail"),
    path("<uuid:approval_id>/decide/", views.decide_one, name="decide"),
]
