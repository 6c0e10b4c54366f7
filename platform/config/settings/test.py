"""Tests: a cluster of one's own per xdist worker, without waiting for the disk."""

import os
import tempfile
from pathlib import Path

_worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
if "ASUSO_TEST_DIR" not in os.environ:
    os.environ["ASUSO_TEST_DIR"] = tempfile.mkdtemp(prefix="asuso-test-")
    os.chmod(os.environ["ASUSO_TEST_DIR"], 0o755)  # the server may run as another user, and must reach its cluster
_base = Path(os.environ["ASUSO_TEST_DIR"])
os.environ["DATA_DIR"] = str(_base / _worker)

from config.settings.dev import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(_base / "files")},
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STATIC_ROOT = _base / "static"
STATIC_ROOT.mkdir(exist_ok=True)  # WhiteNoise warns of a missing one
THROTTLE_SCALE = 1000  # tests come from one address, many a second; tests of the limits lower it
