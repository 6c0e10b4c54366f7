"""Addresses of imports."""

from django.urls import path

from tenants.intake import views

app_name = "intake"
urlpatterns = [
    path("", views.run_list, name="list"),
    path("new/", views.upload, name="upload"),
    path("sealed/", views.sealed, name="sealed"),
    path("sealed/<uuid:draft_id>/", views.consent, name="consent"),
    path("<uuid:run_id>/", views.run, name="run"),
    path("<uuid:run_id>/progress/", views.progress, name="progress"),
    path("<uuid:run_id>/apply/", views.apply, name="apply"),
    path("<uuid:run_id>/discard/", views.discard, name="discard"),
    path("<uuid:run_id>/undo/", views.undo, name="undo"),
    path("<uuid:run_id>/rejected.csv", views.rejected, name="rejected"),
]
