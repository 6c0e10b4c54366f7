"""Contents of files in a bucket of an S3-compatible store, through django-storages."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterator
from contextlib import suppress
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import storages

FOLDER, ASIDE = "kept", "swept"


def content_of(key: str) -> bytes | None:
    """What stands under a key of the store, or None."""
    with suppress(FileNotFoundError), storages["default"].open(key) as file:
        return bytes(file.read())
    return None


def write(key: str, content: bytes) -> None:
    storages["default"].save(key, ContentFile(content))


def remove(key: str) -> None:
    storages["default"].delete(key)


class BucketShelf:
    """Objects under schema and checksum.

    A bucket cannot rename, so what is swept is copied aside first and stays there for another term: a content that was
    uploaded again while it was being swept is found there by ``take`` and brought back by the next sweep.
    """

    def put(self, schema: str, name: str, content: bytes) -> None:
        write(_key(FOLDER, schema, name), content)

    def take(self, schema: str, name: str) -> bytes | None:
        found = content_of(_key(FOLDER, schema, name))
        return content_of(_key(ASIDE, schema, name)) if found is None else found

    def sweep(self, schema: str, kept: Collection[str], before: float) -> int:
        """Set aside what is older than ``before`` and not ``kept``; bring back or forget what was set aside.

        With a ``before`` that lies ahead nothing is left: so goes a schema that is dropped.
        """
        removed = 0
        for name, moment in _names(FOLDER, schema):
            if name not in kept and moment <= before:
                _move(_key(FOLDER, schema, name), _key(ASIDE, schema, name))
                removed += 1
        for name, moment in _names(ASIDE, schema):
            if name in kept:
                _move(_key(ASIDE, schema, name), _key(FOLDER, schema, name))
            elif moment <= before:
                remove(_key(ASIDE, schema, name))
        return removed


def _key(folder: str, schema: str, name: str) -> str:
    return f"{folder}/{schema}/{name[:2]}/{name}"


def _names(folder: str, schema: str) -> Iterator[tuple[str, float]]:
    """Names and moments of writing, taken before anything is moved."""
    store = _store()
    prefix = posixpath.join(store.location, folder, schema, "")
    found = [(one.key.rpartition("/")[2], one.last_modified.timestamp()) for one in _objects(store, prefix)]
    return iter(found)


def _objects(store: Any, prefix: str) -> Any:
    return store.bucket.objects.filter(Prefix=prefix)


def _move(source: str, target: str) -> None:
    store = _store()
    place = {"Bucket": store.bucket.name, "Key": posixpath.join(store.location, source)}
    store.bucket.Object(posixpath.join(store.location, target)).copy_from(CopySource=place)
    remove(source)


def _store() -> Any:  # Any: the library has no types
    return storages["default"]
