"""Addresses of employees."""

from django.urls import path

from tenants.staff import access_views, hiring_views, views, work_views

app_name = "staff"
urlpatterns = [
    path("", views.staff_list, name="list"),
    path("export.<slug:extension>", views.export, name="export"),
    path("me/", views.me, name="me"),
    path("hire/", hiring_views.hire_page, name="hire"),
    path("access/", access_views.access, name="access"),
    path("access/<uuid:member_id>/", access_views.access, name="access_of"),
    path("<uuid:member_id>/", views.card, name="card"),
    path("<uuid:member_id>/peek/", views.peek, name="peek"),
    path("<uuid:member_id>/appointments/", access_views.appointments, name="appointments"),
    path("<uuid:member_id>/dismiss/", hiring_views.dismiss_page, name="dismiss"),
    path("<uuid:member_id>/reinstate/", hiring_views.reinstate_page, name="reinstate"),
    path("<uuid:member_id>/document/", hiring_views.document_page, name="document"),
    path("<uuid:member_id>/consent/", hiring_views.consent_page, name="consent"),
    path("<uuid:member_id>/former/<uuid:row_id>/reveal/", views.reveal_former, name="reveal_former"),
    path("<uuid:member_id>/works/add/", work_views.add, name="add_work"),
    path("<uuid:member_id>/works/<uuid:work_id>/", work_views.change, name="change_work"),
    path("<uuid:member_id>/works/<uuid:work_id>/annul/", work_views.annul, name="annul_work"),
]
