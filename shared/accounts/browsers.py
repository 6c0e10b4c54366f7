"""What a person recognizes a session by: «Firefox, Windows»."""

from __future__ import annotations

# In this order: most browsers also name Chrome and Safari, and Android names Linux.
_PROGRAMS = (
    ("YaBrowser/", "Яндекс Браузер"),
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)
UNKNOWN = "Неизвестный браузер"


def browser_label(agent: str) -> str:
    """Program and system in a few words; a label for people, never a proof of anything."""
    found = [next((name for mark, name in known if mark in agent), "") for known in (_PROGRAMS, _SYSTEMS)]
    return ", ".join(filter(None, found)) or UNKNOWN
