"""Views that show what is masked, or give data away as files, have limits of their own."""

from __future__ import annotations

import inspect

import pytest

from tests.architecture.addresses import KINDS, addresses_of

REVEALS = ('"revealed"', '"files.opened"')
FILES = ("content_disposition_header", 'attachment; filename="')


def source(view: object) -> str:
    return inspect.getsource(inspect.unwrap(view))  # type: ignore[arg-type]


@pytest.mark.proves("R-179")
@pytest.mark.parametrize("kind", KINDS)
def test_every_view_that_reveals_or_gives_a_file_is_throttled(kind):
    for address in addresses_of(kind):
        text = source(address.view)
        if any(word in text for word in (*REVEALS, *FILES)):
            assert getattr(address.view, "throttle", None) in {"reveal", "export"}, str(address)
