"""An external server: prepared once by a superuser, then everything by DATABASE_URL; nothing falls back to a demo."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from devdb import Server

ASUSO = Path(sys.executable).with_name("asuso")
pytestmark = pytest.mark.xdist_group("external")


@pytest.fixture(scope="module")
def external(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Environment of an installation whose server is not ours to start."""
    folder = tmp_path_factory.mktemp("external")
    folder.chmod(0o755)
    server = Server(folder, fast=True)
    with server.lease() as place:
        dsn = place.dsn(user="postgres", dbname="postgres")
        with psycopg.connect(**dsn, autocommit=True) as connection:
            connection.execute("create database edu")
        socket = f"/edu?host={dsn['host']}&port={dsn['port']}"
        surroundings = {
            "PATH": os.environ["PATH"],
            "HOME": os.environ.get("HOME", "/"),
            "LANG": "C.UTF-8",
            "DATA_DIR": str(folder / "unused"),
            "DATABASE_URL": f"postgresql://edu_app:a%20b@{socket}",
            "DATABASE_OWNER_URL": f"postgresql://edu_owner:c@{socket}",
            "DATABASE_SUPERUSER_URL": f"postgresql://postgres@{socket}",
            "SECRET_KEY": "a-secret-of-the-tests-that-is-long-enough-for-django",
            "BASE_DOMAIN": "edu.example",
            "BROKER_URL": "redis://127.0.0.1:1/0",
            "FILES_URL": f"file://{folder}/files",
        }
        assert asuso(surroundings, "database", "prepare").returncode == 0
        yield surroundings
    server.destroy()


def asuso(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(ASUSO), *arguments], env=environment, capture_output=True, text=True, timeout=120)


def test_a_server_that_does_not_answer_is_one_sentence(external):
    refused = asuso({**external, "DATABASE_URL": "postgresql://edu_app@127.0.0.1:1/edu"}, "organizations", "list")
    assert (refused.returncode, len(refused.stderr.strip().splitlines())) == (3, 1), refused.stderr
    assert "DATABASE_URL" in refused.stderr


def test_a_data_folder_that_cannot_be_made_is_one_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    surroundings = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "DATA_DIR": str(tmp_path / "file" / "data")}
    refused = asuso(surroundings, "organizations", "list")
    assert (refused.returncode, len(refused.stderr.strip().splitlines())) == (3, 1), refused.stderr
    assert "DATA_DIR" in refused.stderr


def test_an_installation_by_database_url_is_prepared_migrated_and_used(external):
    behind = asuso(external, "registry", "verify")
    assert (behind.returncode, behind.stderr.strip()) == (
        3,
        "База отстаёт от этой версии программы: выполните asuso migrate.",
    )
    migrated = asuso(external, "migrate")
    assert migrated.returncode == 0, migrated.stderr
    counted = asuso(external, "registry", "count", "--as-of", "2026-09-20", "--by", "grade")
    assert json.loads(counted.stdout) == {
        "as_of": "2026-09-20",
        "by": ["grade"],
        "rows": [],
        "total": {"persons": 0, "enrollments": 0},
    }
    assert not Path(external["DATA_DIR"], "pg").exists()


def test_a_server_that_does_not_answer_is_named(external):
    url = "postgresql://edu_app:x@127.0.0.1:9/edu"
    answer = asuso(external | {"DATABASE_URL": url}, "registry", "verify")
    assert answer.returncode == 3
    assert "DATABASE_URL не отвечает" in answer.stderr


@pytest.mark.parametrize("name", ["SECRET_KEY", "BASE_DOMAIN", "BROKER_URL", "FILES_URL"])
def test_a_missing_setting_is_named(external, name):
    answer = asuso({key: value for key, value in external.items() if key != name}, "registry", "verify")
    assert answer.returncode == 3
    assert name in answer.stderr


def test_a_malformed_address_is_named(external):
    answer = asuso(external | {"DATABASE_URL": "mysql://x"}, "registry", "verify")
    assert answer.returncode == 3
    assert "DATABASE_URL" in answer.stderr


def test_commands_of_ddl_ask_for_the_owner(external):
    answer = asuso({key: value for key, value in external.items() if key != "DATABASE_OWNER_URL"}, "migrate")
    assert answer.returncode == 3
    assert "DATABASE_OWNER_URL" in answer.stderr
