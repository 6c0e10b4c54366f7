"""Development and demo: embedded PostgreSQL, everything under ``DATA_DIR``."""

from config.environment import development_secret_key
from config.settings.base import *  # noqa: F403
from config.settings.base import DATA_DIR, ENVIRONMENT
from config.settings.databases import EMBEDDED_NAME, embedded
from config.settings.security import LOCAL_CACHE

DEBUG = False
SECRET_KEY = ENVIRONMENT.secret_key or development_secret_key(DATA_DIR)
AUDIT_KEY = ENVIRONMENT.audit_key or SECRET_KEY  # seals the log; its own key survives a change of the other
DATABASES = embedded(DATA_DIR)
ROLE_PREFIX = ENVIRONMENT.role_prefix or EMBEDDED_NAME
IS_DEVELOPMENT = True

CELERY_BROKER_URL = ENVIRONMENT.broker_url or "filesystem://localhost"
if CELERY_BROKER_URL.startswith("filesystem:"):
    _folder = DATA_DIR / "broker"
    for _name in ("queue", "processed", "control"):
        (_folder / _name).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(_folder / "queue"),
        "data_folder_out": str(_folder / "queue"),
        "processed_folder": str(_folder / "processed"),
        "control_folder": str(_folder / "control"),
    }
CACHES = {"default": LOCAL_CACHE}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": DATA_DIR / "files"}},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
