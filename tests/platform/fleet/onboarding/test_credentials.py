"""The sheet of first passwords on disk."""

from __future__ import annotations

import stat
import threading

from fleet.onboarding.credentials import Credentials, CredentialsSheet, read_credentials


def line(slug: str) -> Credentials:
    return Credentials(slug, f"{slug}.localhost", f"admin-{slug}", "abcd-efgh")


def test_the_sheet_is_for_its_owner_alone_and_appended_to(tmp_path):
    path = tmp_path / "f.csv.credentials.csv"
    for slug in ("a", "b"):
        with CredentialsSheet(path).held() as sheet:
            sheet.append(line(slug))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_text().splitlines()[0] == "slug,host,login,password"
    assert read_credentials(path) == [line("a"), line("b")]


def test_lines_without_an_organization_and_torn_ones_are_dropped_and_the_sheet_stays_usable(tmp_path):
    path = tmp_path / "sheet.csv"
    with CredentialsSheet(path).held() as sheet:
        sheet.append(line("a"))
        sheet.append(line("b"))
    with path.open("a") as file:
        file.write("c,c.localhost,adm")
    with CredentialsSheet(path).held() as sheet:
        sheet.keep_only({"b"}.__contains__)
        sheet.append(line("d"))
    assert read_credentials(path) == [line("b"), line("d")]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_sheet_without_lines_disappears(tmp_path):
    path = tmp_path / "sheet.csv"
    with CredentialsSheet(path).held() as sheet:
        sheet.append(line("a"))
        sheet.keep_only(lambda slug: False)
    assert not path.exists()


def test_a_second_run_waits_and_writes_into_the_sheet_that_stands_there_then(tmp_path):
    path = tmp_path / "sheet.csv"

    def second() -> None:
        with CredentialsSheet(path).held() as sheet:
            sheet.append(line("second"))

    with CredentialsSheet(path).held() as sheet:
        sheet.append(line("orphan"))
        thread = threading.Thread(target=second)
        thread.start()
        thread.join(0.2)
        assert thread.is_alive()
        sheet.keep_only(lambda slug: False)
        sheet.append(line("first"))
    thread.join(5)
    assert read_credentials(path) == [line("first"), line("second")]
