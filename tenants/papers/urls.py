"""Addresses of certificates and printing."""

from django.urls import path

from tenants.papers.views import batches, certificates, log, printing

app_name = "papers"
urlpatterns = [
    path("", certificates.register, name="register"),
    path("register.<slug:extension>", certificates.export, name="export"),
    path("issue/<uuid:student_id>/", certificates.issue, name="issue"),
    path("batch/", batches.batch, name="batch"),
    path("batch/<uuid:job_id>/", batches.job, name="job"),
    path("batch/<uuid:job_id>/progress/", batches.progress, name="progress"),
    path("log/", log.log, name="log"),
    path("log/log.<slug:extension>", log.export, name="log_export"),
    path("log/mark/", log.mark, name="mark"),
    path("students/<uuid:student_id>/card/", printing.card, name="card"),
    path("students/<uuid:student_id>/cover/", printing.cover, name="cover"),
    path("students/<uuid:student_id>/consent/", printing.consent, name="consent"),
    path("groups/<uuid:group_id>/list/", printing.class_list, name="class_list"),
    path("<uuid:certificate_id>/", certificates.certificate, name="certificate"),
    path("<uuid:certificate_id>/print/", certificates.print_certificate, name="print"),
    path("<uuid:certificate_id>/annul/", certificates.annul, name="annul"),
]
