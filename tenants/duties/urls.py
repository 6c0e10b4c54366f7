"""Addresses of the yearly order on duties and deadlines."""

from django.urls import path

from tenants.duties import views

app_name = "duties"
XLSX, PDF = {"extension": "xlsx"}, {"extension": "pdf"}
urlpatterns = [
    path("", views.duty_list, name="list"),
    path("new/", views.new, name="new"),
    path("<uuid:order_id>/", views.detail, name="detail"),
    path("<uuid:order_id>/edit/", views.edit, name="edit"),
    path("<uuid:order_id>/sign/", views.sign, name="sign"),
    path("<uuid:order_id>/discard/", views.discard, name="discard"),
    path("<uuid:order_id>/read/", views.read, name="read"),
    path("<uuid:order_id>/order.xlsx", views.order_file, XLSX, name="order_xlsx"),
    path("<uuid:order_id>/order.pdf", views.order_file, PDF, name="order_pdf"),
    path("<uuid:order_id>/sheet/", views.sheet, name="sheet"),
    path("<uuid:order_id>/sheet.xlsx", views.sheet_file, XLSX, name="sheet_xlsx"),
    path("<uuid:order_id>/sheet.pdf", views.sheet_file, PDF, name="sheet_pdf"),
]
