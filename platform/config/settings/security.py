"""Headers, cookies, passwords and limits."""

from typing import Any

from csp.constants import NONE, SELF, UNSAFE_INLINE

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Pages carry the token themselves (hidden field, hx-headers), so no script needs to read the cookie.
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_NAME = "asuso_csrf"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "shared.ui.views.csrf_failure"
SESSION_COOKIE_NAME = "asuso_session"
SESSION_COOKIE_SAMESITE = "Lax"
WHITENOISE_ALLOW_ALL_ORIGINS = False
# argon2id, above the least that OWASP asks for (46 MiB, 1 pass): about 0.1 s of one core for every sign-in.
# What a password may be is shared.accounts.passwords.
PASSWORD_HASHERS = ["shared.accounts.hashing.Argon2id"]
ARGON2ID = {"memory_cost": 47_104, "time_cost": 2, "parallelism": 1}
CONTENT_SECURITY_POLICY: dict[str, dict[str, Any]] = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "script-src-attr": [NONE],
        "style-src": [SELF],
        "style-src-elem": [SELF],
        "style-src-attr": [UNSAFE_INLINE],  # passes values to the style sheets, see UI
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "media-src": [NONE],
        "worker-src": [NONE],
        "object-src": [NONE],
        "frame-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
# What a browser offers and the pages do not use; a name it does not know would only be a complaint in its console.
_UNUSED_FEATURES = [
    "accelerometer",
    "autoplay",
    "browsing-topics",
    "camera",
    "captured-surface-control",
    "clipboard-read",
    "compute-pressure",
    "digital-credentials-get",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "gamepad",
    "geolocation",
    "gyroscope",
    "hid",
    "identity-credentials-get",
    "idle-detection",
    "keyboard-map",
    "local-fonts",
    "local-network-access",
    "magnetometer",
    "microphone",
    "midi",
    "otp-credentials",
    "payment",
    "picture-in-picture",
    "private-state-token-issuance",
    "private-state-token-redemption",
    "screen-wake-lock",
    "serial",
    "speaker-selection",
    "storage-access",
    "sync-xhr",
    "translator",
    "usb",
    "window-management",
    "xr-spatial-tracking",
]
# A second factor by a key or a phone, and the button that copies a number.
_USED_FEATURES = ["publickey-credentials-get", "publickey-credentials-create", "clipboard-write"]
PERMISSIONS_POLICY: dict[str, list[str]] = {
    **{feature: [] for feature in _UNUSED_FEATURES},
    **{feature: ["self"] for feature in _USED_FEATURES},
}
# Requests a minute: of a signed-in person, of a stranger's address, of a token (INTERFACES 2), and of what is dearer.
THROTTLES = {
    "user": 300,
    "address": 600,
    "token": 1200,
    "sign_in": 60,
    "reveal": 60,
    "export": 30,
    "register": 10,
    "check": 20,
    "registry": 20,
}
# A cache of each process: limits are counted in each apart. The usual 300 entries would lose counters under a flood.
LOCAL_CACHE = {
    "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
    "OPTIONS": {"MAX_ENTRIES": 100_000},
}
