from django.urls import path

from tenants.archive import views

app_name = "archive"
urlpatterns = [
    path("", views.packages, name="list"),
    path("<uuid:package_id>/", views.package, name="package"),
    path("<uuid:package_id>/progress/", views.progress, name="progress"),
    path("<uuid:package_id>/file/", views.download, name="download"),
    path("<uuid:package_id>/act/", views.act, name="act"),
    path("<uuid:package_id>/copies/", views.copies, name="copies"),
    path("<uuid:package_id>/copies/<uuid:copy_id>/act/", views.copy_act, name="copy_act"),
]
