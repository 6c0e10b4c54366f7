"""Where contents of files are kept: a folder, or a bucket of an S3-compatible store, as ``FILES_URL`` says."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from devdb import EnvironmentNotReady

OPTIONS = {"endpoint", "region"}
Storage = dict[str, Any]  # Any: an entry of STORAGES
WANTED = "FILES_URL: нужен file:///каталог или s3://корзина/приставка?endpoint=https://сервер&region=регион."


def is_bucket(url: str) -> bool:
    return urlsplit(url).scheme == "s3"


def folder(path: Path) -> Storage:
    return {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": path}}


def folder_of(url: str) -> Path:
    """The folder of ``file:///…``. Raises: EnvironmentNotReady."""
    path = Path(url.removeprefix("file://"))
    if not path.is_absolute():
        raise EnvironmentNotReady(f"Не понять {WANTED}")
    return path


def bucket(url: str, access_key: str | None, secret_key: str | None) -> Storage:
    """The bucket of ``s3://…``; without keys the machine's own identity is asked (a role of the cluster).

    Raises: EnvironmentNotReady.
    """
    from botocore.config import Config  # a second of every command's start, wanted only with a bucket

    parts = urlsplit(url)
    options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    if not parts.hostname or parts.username or set(options) - OPTIONS:
        raise EnvironmentNotReady(f"Не понять {WANTED} Ключи доступа: FILES_ACCESS_KEY и FILES_SECRET_KEY.")
    if (access_key is None) != (secret_key is None):
        raise EnvironmentNotReady("Задайте FILES_ACCESS_KEY и FILES_SECRET_KEY вместе.")
    config = Config(
        signature_version="s3v4",
        s3={"addressing_style": "path"},  # a store of one's own rarely has a name for each bucket
        connect_timeout=5,
        read_timeout=30,
        retries={"max_attempts": 3, "mode": "standard"},
        # Contents are checked by our own checksum; stores other than Amazon's refuse the trailing one.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": parts.netloc,
            "location": parts.path.strip("/"),
            "endpoint_url": options.get("endpoint"),
            "region_name": options.get("region"),
            "access_key": access_key,
            "secret_key": secret_key,
            "default_acl": None,
            "file_overwrite": True,
            "client_config": config,
        },
    }
