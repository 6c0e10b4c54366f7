"""Addresses of support access on an organization's host."""

from django.urls import path

from tenants.support import views

app_name = "support"
urlpatterns = [
    path("", views.case_list, name="list"),
    path("open/", views.open_new, name="open"),
    path("list.xlsx", views.list_file, name="list_file"),
    path("<uuid:case_id>/", views.detail, name="case"),
    path("<uuid:case_id>/close/", views.close, name="close"),
    path("<uuid:case_id>/report.xlsx", views.report_sheet, name="report_sheet"),
    path("<uuid:case_id>/report.pdf", views.report_paper, name="report_paper"),
]
