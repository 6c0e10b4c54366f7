"""One filled organization and one archive of it for the whole folder: nothing here changes them."""

from __future__ import annotations

from pathlib import Path

import pytest

from shared.audit.sealing import seal_marked
from tests.support import School, client_of
from tests.tenants.archive import filling
from tests.tenants.archive.filling import YEAR, Archive

_kept: dict[str, object] = {}


@pytest.fixture(autouse=True)
def folder(tmp_path_factory, settings):
    """One folder of files for all tests here: the archive is made once."""
    root = _kept.setdefault("folder", tmp_path_factory.mktemp("files"))
    settings.FILES_ROOT = root
    settings.THROTTLES = dict.fromkeys(settings.THROTTLES, 1000)
    return root


@pytest.fixture
def place(committed, folder) -> School:
    if "place" not in _kept:
        _kept["place"] = filling.place("director", "secretary", "org_admin", "teacher")
    return _kept["place"]


@pytest.fixture
def director(place):
    return client_of(place.host, f"director-{place.organization.slug}")


@pytest.fixture
def page(place, director) -> str:
    """The page of the finished archive that the director ordered, special facts included."""
    if "page" not in _kept:
        seal_marked()
        wish = {**YEAR, "special": "on", "reason": "номенклатура дел"}
        answer = director.post("/archive/", wish)
        assert answer.status_code == 302, answer.content.decode()
        assert filling.work(place)
        _kept["page"] = answer.headers["Location"]
    return _kept["page"]


@pytest.fixture
def archive(page, director) -> Archive:
    if "archive" not in _kept:
        answer = director.get(f"{page}file/")
        assert answer.status_code == 200, answer.content.decode()
        _kept["archive"] = Archive(b"".join(answer.streaming_content))
    return _kept["archive"]


@pytest.fixture
def unpacked(archive, tmp_path) -> Path:
    """The archive unpacked anew for each test, to be damaged."""
    archive.file.extractall(tmp_path / "unpacked")
    return tmp_path / "unpacked"
