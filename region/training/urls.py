"""Addresses of registration on the host ``training``."""

from django.urls import path

from region.training.views import own, queue, registering, workers

app_name = "training"
urlpatterns = [
    path("register/", registering.register, name="register"),
    path("register/done/", registering.registered, name="registered"),
    path("register/organizations/", registering.organizations, name="organizations"),
    path("profile/", own.profile, name="profile"),
    path("profile/new/", own.register_own, name="register_own"),
    path("groups/new/", own.ask_group, name="ask_group"),
    path("workers/", workers.workers, name="workers"),
    path("workers/new/", workers.new_worker, name="new_worker"),
    path("queue/", queue.queue, name="queue"),
    path("queue/export.xlsx", queue.export, name="queue_xlsx"),
    path("queue/<uuid:claim_id>/", queue.claim, name="claim"),
    path("queue/<uuid:claim_id>/confirm/", queue.confirm_claim, name="confirm"),
    path("queue/<uuid:claim_id>/refuse/", queue.refuse_claim, name="refuse"),
    path("queue/<uuid:claim_id>/scan/", queue.scan, name="scan"),
    path("queue/<uuid:claim_id>/password/", queue.issue_password, name="password"),
]
