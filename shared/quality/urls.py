"""Addresses of the control over data, on the hosts of authorities."""

from django.urls import path

from shared.quality import remark_views, views

app_name = "quality_watch"
urlpatterns = [
    path("", views.table, name="table"),
    path("organizations.xlsx", views.export, {"extension": "xlsx"}, name="xlsx"),
    path("organizations.pdf", views.export, {"extension": "pdf"}, name="pdf"),
    path("organizations/<slug:slug>/", views.organization, name="organization"),
    path("remarks/", remark_views.remarks, name="remarks"),
    path("remarks.xlsx", remark_views.export, {"extension": "xlsx"}, name="remarks_xlsx"),
    path("remarks.pdf", remark_views.export, {"extension": "pdf"}, name="remarks_pdf"),
    path("remarks/new/", remark_views.new, name="new"),
    path("remarks/<uuid:remark_id>/accept/", remark_views.accept, name="accept"),
    path("remarks/<uuid:remark_id>/return/", remark_views.give_back, name="return"),
]
