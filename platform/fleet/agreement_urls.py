"""Addresses of the agreements, on the hosts of the operator and of the region."""

from django.urls import path

from fleet.views import agreements

app_name = "agreements"
urlpatterns = [
    path("", agreements.agreements, name="list"),
    path("new/", agreements.record, name="new"),
    path("<uuid:agreement_id>/", agreements.correct, name="correct"),
]
