"""Addresses of issuing passwords."""

from django.urls import path

from shared.credentials import views

app_name = "credentials"
urlpatterns = [
    path("", views.people, name="people"),
    path("issue/", views.issue_chosen, name="issue"),
    path("sessions/end/", views.end_chosen, name="end_sessions"),
    path("register/", views.register, name="register"),
    path("register/export.xlsx", views.export_register, {"extension": "xlsx"}, name="register_xlsx"),
    path("register/export.pdf", views.export_register, {"extension": "pdf"}, name="register_pdf"),
    path("register/<uuid:issue_id>/handed/", views.handed, name="handed"),
    path("<uuid:account_id>/", views.person, name="person"),
    path("<uuid:account_id>/recover/", views.recover_access, name="recover"),
]
