"""Addresses of the quality of data."""

from django.urls import path

from tenants.cards.urls import CARD, of_kinds
from tenants.quality import remark_views, views
from tenants.quality.keepers import staff_here

app_name = "quality"
urlpatterns = [
    path("", views.home, name="home"),
    path("findings/", views.findings, name="findings"),
    path("report.xlsx", views.report, {"extension": "xlsx"}, name="report_xlsx"),
    path("report.pdf", views.report, {"extension": "pdf"}, name="report_pdf"),
    path("remarks/", remark_views.remarks, name="remarks"),
    path("remarks/<uuid:remark_id>/answer/", remark_views.answer, name="answer"),
    path("lists/<slug:kind>/", views.cards, name="cards"),
    path("lists/<slug:kind>/cards.xlsx", views.export, {"extension": "xlsx"}, name="xlsx"),
    path("lists/<slug:kind>/cards.pdf", views.export, {"extension": "pdf"}, name="pdf"),
    path("lists/<slug:kind>/sample.pdf", views.sample_list, name="sample"),
    *of_kinds(f"{CARD}/", views.card, "card", right="reads", groundwork=staff_here),
    *of_kinds(f"{CARD}/confirm/", views.confirmed, "confirm", right="edits", groundwork=staff_here),
]
