"""Addresses of measures of protection of personal data."""

from django.urls import path

from tenants.security import views

app_name = "security"
urlpatterns = [
    path("", views.home, name="home"),
    path("review/", views.review, name="review"),
    path("regulation/", views.regulation, name="regulation"),
    path("regulation/new/", views.new_regulation, name="new_regulation"),
    path("incidents.xlsx", views.export, {"extension": "xlsx"}, name="xlsx"),
    path("incidents.pdf", views.export, {"extension": "pdf"}, name="pdf"),
    path("incidents/new/", views.new_incident, name="new_incident"),
    path("incidents/<uuid:incident_id>/", views.incident, name="incident"),
    path("incidents/<uuid:incident_id>/save/", views.save_incident, name="save_incident"),
    path("incidents/<uuid:incident_id>/close/", views.close, name="close"),
]
