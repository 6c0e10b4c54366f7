"""A small server that speaks the protocol of ClamAV's daemon, for the tests of the antivirus hook."""

from __future__ import annotations

import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager

SIGNATURE = b"X5O!P%@AP-HARMFUL-TEST-CONTENT"
STREAM_LIMIT = 1024 * 1024


class _Session(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        assert self._until_zero() == b"zINSTREAM"
        content = b""
        while size := struct.unpack("!L", self.rfile.read(4))[0]:
            content += self.rfile.read(size)
            if len(content) > STREAM_LIMIT:
                self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
                return
        self.server.seen.append(content)  # type: ignore[attr-defined]
        found = SIGNATURE in content
        self.wfile.write(b"stream: Test.Harmful-1 FOUND\0" if found else b"stream: OK\0")

    def _until_zero(self) -> bytes:
        text = b""
        while not text.endswith(b"\0"):
            text += self.rfile.read(1)
        return text[:-1]


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.seen: list[bytes] = []

    @property
    def url(self) -> str:
        return f"tcp://127.0.0.1:{self.server_address[1]}"


@contextmanager
def clamd() -> Iterator[_Server]:
    """A running scanner; ``seen`` are the contents it was shown."""
    with _Server() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
