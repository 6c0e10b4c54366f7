"""Settings common to every installation; topic files beside this one hold the longer lists."""

from pathlib import Path
from typing import Any

from config.environment import environment
from config.settings.apps import INSTALLED_APPS as INSTALLED_APPS
from config.settings.apps import SHARED_APPS as SHARED_APPS
from config.settings.apps import TENANT_APPS as TENANT_APPS
from config.settings.security import *  # noqa: F403

BASE_DIR = Path(__file__).resolve().parents[3]
ENVIRONMENT = environment()
DATA_DIR = ENVIRONMENT.data_dir.resolve()
BASE_DOMAIN = ENVIRONMENT.base_domain
REGION = ENVIRONMENT.region
ALLOWED_HOSTS = [BASE_DOMAIN, f".{BASE_DOMAIN}"]

TENANT_MODEL = "organizations.Organization"
TENANT_DOMAIN_MODEL = "organizations.Domain"
TENANT_SYNC_ROUTER = "shared.tenancy.routers.SchemaRouter"
DATABASE_ROUTERS = [TENANT_SYNC_ROUTER]
TENANCY_ROLE_SWITCH = True
TENANCY_LOGIN_ROLES = ENVIRONMENT.tenancy_login_roles
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.Account"
MIGRATION_MODULES: dict[str, str] = {}

MIDDLEWARE = [
    "config.surface.SurfaceMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "csp.middleware.CSPMiddleware",
    "config.surface.BodyLimitMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.health.DatabaseAwayMiddleware",
    "config.status.middleware.StateWhileAwayMiddleware",
    "shared.access.middleware.WorkspaceMiddleware",
    "shared.classifiers.middleware.CatalogMiddleware",
    "shared.maintenance.middleware.BreakMiddleware",
    "shared.audit.middleware.ActionLogMiddleware",
    "shared.access.dues.DuesMiddleware",
    "shared.access.support.middleware.SupportMiddleware",
    "shared.access.throttles.ThrottleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "shared.access.middleware.RightsMiddleware",
]
ROOT_URLCONF = "config.urls.entrance"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "config.shell.shell",
            ],
        },
    }
]

LANGUAGE_CODE = "ru"
TIME_ZONE = ENVIRONMENT.time_zone
USE_TZ = True
USE_I18N = True
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
FILES_ROOT = DATA_DIR / "files"
FILES_IN_BUCKET = False
ANTIVIRUS_URL = ENVIRONMENT.antivirus_url
TRUSTED_PROXIES = ENVIRONMENT.trusted_proxies
THROTTLE_SCALE = ENVIRONMENT.throttle_scale
BULK_EXPORT_PERSONS = ENVIRONMENT.bulk_export_persons
LARGEST_BODY = 60 * 1024 * 1024  # the largest upload with its form around it; refused by its announced length
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_REDIRECT_STDOUTS = False
CELERY_TIMEZONE = "UTC"

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["api.v1.authentication.WorkspaceAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["api.v1.permissions.DeclaredRight"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["api.v1.parsing.TextParser"],
    "DEFAULT_PAGINATION_CLASS": "api.v1.pagination.KeysetPagination",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "EXCEPTION_HANDLER": "api.v1.problems.exception_handler",
    "PAGE_SIZE": 50,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "АСУ СО",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["api.v1.permissions.DeclaredRight"],
}
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "config.logs.LineFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    # Prints the text of exceptions; WorkspaceTask.on_failure names the fault instead.
    "loggers": {
        "celery.app.trace": {"level": "CRITICAL"},
    },
}
