"""Production: external PostgreSQL, broker and file store, all named by the environment."""

import sentry_sdk

from config.settings.base import *  # noqa: F403
from config.settings.base import DATA_DIR, ENVIRONMENT
from config.settings.databases import external

DEBUG = False
SECRET_KEY = ENVIRONMENT.secret_key
DATABASES = external(str(ENVIRONMENT.database_url), ENVIRONMENT.database_owner_url)
ROLE_PREFIX = ENVIRONMENT.role_prefix or DATABASES["default"]["NAME"]
IS_DEVELOPMENT = False

CELERY_BROKER_URL = ENVIRONMENT.broker_url
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": ENVIRONMENT.cache_url}
    if ENVIRONMENT.cache_url
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(ENVIRONMENT.files_url).removeprefix("file://")},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
STATIC_ROOT = DATA_DIR / "static"
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True

if ENVIRONMENT.sentry_dsn:
    # No request bodies, no local variables, no user: personal data never leaves the installation.
    sentry_sdk.init(
        dsn=ENVIRONMENT.sentry_dsn, send_default_pii=False, max_request_body_size="never", include_local_variables=False
    )
