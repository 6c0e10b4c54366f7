"""Production: external PostgreSQL, broker and file store, all named by the environment."""

from config.observability import start_sentry
from config.settings.base import *  # noqa: F403
from config.settings.base import DATA_DIR, ENVIRONMENT, LOGGING
from config.settings.databases import external
from config.settings.files import bucket, folder, folder_of, is_bucket
from config.settings.security import CONTENT_SECURITY_POLICY, LOCAL_CACHE

DEBUG = False
SECRET_KEY = ENVIRONMENT.secret_key
AUDIT_KEY = ENVIRONMENT.audit_key or SECRET_KEY  # seals the log; its own key survives a change of the other
DATABASES = external(str(ENVIRONMENT.database_url), ENVIRONMENT.database_owner_url, ENVIRONMENT.database_replica_url)
ROLE_PREFIX = ENVIRONMENT.role_prefix or DATABASES["default"]["NAME"]
IS_DEVELOPMENT = False

CELERY_BROKER_URL = ENVIRONMENT.broker_url
if str(CELERY_BROKER_URL).startswith("amqp"):
    CELERY_BROKER_TRANSPORT_OPTIONS = {"confirm_publish": True}  # sending returns when the broker has kept the message
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": ENVIRONMENT.cache_url}
    if ENVIRONMENT.cache_url
    else LOCAL_CACHE
}
_files = str(ENVIRONMENT.files_url)
FILES_IN_BUCKET = is_bucket(_files)
FILES_ROOT = DATA_DIR / "files" if FILES_IN_BUCKET else folder_of(_files)  # beside a bucket: files being made
STORAGES = {
    "default": bucket(_files, ENVIRONMENT.files_access_key, ENVIRONMENT.files_secret_key)
    if FILES_IN_BUCKET
    else folder(FILES_ROOT),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
STATIC_ROOT = DATA_DIR / "static"
# The prefix makes the browser refuse a cookie that another host, or a page without TLS, has planted.
SESSION_COOKIE_NAME = "__Host-asuso_session"
CSRF_COOKIE_NAME = "__Host-asuso_csrf"
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True

CONTENT_SECURITY_POLICY["DIRECTIVES"]["upgrade-insecure-requests"] = True
LOGGING["loggers"]["asuso.request"] = {"level": "INFO"}  # one line a request

if ENVIRONMENT.sentry_dsn:
    start_sentry(ENVIRONMENT.sentry_dsn)
