"""What a zip-based file unpacks into, known before anything unpacks it. Source: CWE-409."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import Final

from .errors import ArchiveRefused, UploadDamaged

ZIP: Final = b"PK\x03\x04"
MAX_MEMBERS: Final = 2000
MAX_UNPACKED: Final = 600 * 1024 * 1024
# A sheet of 200,000 equal rows shrinks about sixty times; a bomb a thousand times.
MAX_RATIO: Final = 250
RATIO_FROM: Final = 20 * 1024 * 1024
_PIECE: Final = 1024 * 1024
_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def members(content: bytes, name: str) -> list[str]:
    """Names inside the archive, once it is known to unpack into a bearable size, whatever its directory says.

    Raises: ArchiveRefused, UploadDamaged.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        raise UploadDamaged(name=name) from None
    declared = sum(entry.file_size for entry in entries)
    limit = max(RATIO_FROM, MAX_RATIO * len(content))
    if len(entries) > MAX_MEMBERS or declared > min(MAX_UNPACKED, limit):
        raise ArchiveRefused(name=name)
    for entry in entries:
        if entry.compress_type in _METHODS and _unpacks_beyond(entry, content, name):
            raise ArchiveRefused(name=name)
    return [entry.filename for entry in entries]


def _unpacks_beyond(entry: zipfile.ZipInfo, content: bytes, name: str) -> bool:
    """Whether a member holds more than the directory declares: readers that trust the stream would unpack it all."""
    size = 0
    for piece in _unpacked(entry, content, name):
        size += piece
        if size > entry.file_size:
            return True
    return False


def _unpacked(entry: zipfile.ZipInfo, content: bytes, name: str) -> Iterator[int]:
    """Sizes of the member's pieces, one megabyte at a time and never kept."""
    try:
        name_length, extra_length = struct.unpack_from("<HH", content, entry.header_offset + 26)
    except struct.error:
        raise UploadDamaged(name=name) from None
    start = entry.header_offset + 30 + name_length + extra_length
    packed = content[start : start + entry.compress_size]
    if entry.compress_type == zipfile.ZIP_STORED:
        yield len(packed)
        return
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        while packed and not stream.eof:
            yield len(stream.decompress(packed, _PIECE))
            packed = stream.unconsumed_tail
    except zlib.error:
        return  # damaged or encrypted: the reader has its own sentence for that
