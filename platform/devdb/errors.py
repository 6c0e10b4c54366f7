"""What the supervisor says when the machine does not let it work."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager


class EnvironmentNotReady(RuntimeError):
    """The environment is not ready; the message is one Russian sentence with the cure (exit code 3)."""


@contextmanager
def explained() -> Iterator[None]:
    """Turn a refusal of the operating system into a sentence about the path it concerns."""
    try:
        yield
    except OSError as problem:
        path = problem.filename or "каталог данных"
        if problem.errno in (errno.ENOSPC, errno.EDQUOT):
            raise EnvironmentNotReady(f"На диске нет места ({path}): освободите его и повторите команду.") from problem
        if isinstance(problem, PermissionError):
            raise EnvironmentNotReady(
                f"Нет прав на {path}: повторите команду от имени владельца этого каталога"
                " или укажите другой каталог в DATA_DIR."
            ) from problem
        raise EnvironmentNotReady(
            f"Встроенной базе мешает операционная система ({path}: {problem.strerror}):"
            " устраните причину или укажите другой каталог в DATA_DIR."
        ) from problem
