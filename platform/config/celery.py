"""Celery application."""

from celery import Celery

app = Celery("asuso", task_cls="shared.tenancy.tasks:WorkspaceTask")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    # The file-system transport would keep a queue file for every worker that ever lived.
    worker_enable_remote_control=False,
    worker_send_task_events=False,
    worker_hijack_root_logger=False,
    # Reads its file by itself: a broker that is away at start is waited for.
    broker_connection_retry_on_startup=True,
)
app.autodiscover_tasks()
