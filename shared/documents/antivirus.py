"""Asks a ClamAV daemon about the content of a file (``INSTREAM``); off where ``ANTIVIRUS_URL`` is not given.

The ``clamd`` package sends with ``send``, which may drop the tail of a piece, and connects without a limit of time.
"""

from __future__ import annotations

import logging
import socket
import struct
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings

from .errors import Infected, ScannerAway

logger = logging.getLogger(__name__)
CONNECT_SECONDS: Final = 5.0
ANSWER_SECONDS: Final = 30.0
_PIECE: Final = 64 * 1024
_LONGEST_ANSWER: Final = 4096


def scan(content: bytes, name: str) -> None:
    """Return if the scanner finds nothing. A scanner that cannot be asked refuses too.

    Raises: Infected, ScannerAway.
    """
    address = settings.ANTIVIRUS_URL
    if not address:
        return
    try:
        verdict = _ask(address, content)
    except OSError as fault:
        logger.error("antivirus is away", extra={"fault": type(fault).__name__})
        raise ScannerAway(name=name) from None
    if verdict.endswith("FOUND"):
        logger.warning("upload infected", extra={"size": len(content)})
        raise Infected(name=name)
    if not verdict.endswith("OK"):  # over its size limit, out of memory, another protocol
        logger.error("antivirus did not decide", extra={"size": len(content)})
        raise ScannerAway(name=name)


def _ask(address: str, content: bytes) -> str:
    parts = urlsplit(address)
    with socket.create_connection((parts.hostname or "", parts.port or 3310), CONNECT_SECONDS) as connection:
        connection.settimeout(ANSWER_SECONDS)
        try:
            connection.sendall(b"zINSTREAM\0")
            for start in range(0, len(content), _PIECE):
                piece = content[start : start + _PIECE]
                connection.sendall(struct.pack("!L", len(piece)) + piece)
            connection.sendall(struct.pack("!L", 0))
        except ConnectionError:
            pass  # it answered before the end of the stream: over its size limit
        return _answer(connection)


def _answer(connection: socket.socket) -> str:
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < _LONGEST_ANSWER:
        piece = connection.recv(_LONGEST_ANSWER)
        if not piece:
            break
        answer += piece
    return answer.rstrip(b"\0\n").decode("utf-8", "replace").strip()
