"""The door of uploads: what is taken, what is refused, and in which words."""

from __future__ import annotations

import io
import socket
import struct
import zipfile
import zlib

import pytest
import xlsxwriter
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile

from shared.documents import archives, errors
from shared.documents.uploads import (
    DOCUMENT_SCAN,
    NOTICE,
    SPREADSHEET,
    UploadField,
    check_upload,
    safe_name,
)
from tests.shared.documents.clamd_server import SIGNATURE, STREAM_LIMIT, clamd

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\0" * 40 + b"\0\0\0\0IEND\xaeB`\x82"
JPEG = b"\xff\xd8\xff\xe0\0\x10JFIF\0" + b"\0" * 40 + b"\xff\xd9"


def workbook(rows: int = 3) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        sheet = book.add_worksheet()
        for number in range(rows):
            sheet.write_string(number, 0, "Имя")
    return stream.getvalue()


def zipped(*members: tuple[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [(PDF, "скан.pdf", "application/pdf"), (PNG, "скан.png", "image/png"), (JPEG, "фото.jpeg", "image/jpeg")],
)
def test_a_scan_is_known_by_its_content(content, name, kind):
    found = check_upload(content, name, DOCUMENT_SCAN)
    assert (found.name, found.content_type, found.size) == (name, kind, len(content))
    assert len(found.sha256) == 64


def test_a_name_that_lies_gets_the_suffix_of_the_content():
    assert check_upload(PDF, "согласие.exe", DOCUMENT_SCAN).name == "согласие.exe.pdf"


@pytest.mark.parametrize(
    "content",
    [
        "Имя;Класс\nАнна;5А\n".encode(),
        "Имя;Класс\nАнна;5А\n".encode("cp1251"),
        "Имя;Класс\n".encode("utf-16"),
        workbook(),
    ],
)
def test_a_table_is_taken_whatever_program_saved_it(content):
    assert check_upload(content, "список.xlsx", SPREADSHEET).content == content


@pytest.mark.proves("R-178", "R-179")
@pytest.mark.parametrize(
    ("content", "purpose", "refusal"),
    [
        (b"", DOCUMENT_SCAN, errors.UploadEmpty),
        (b" \n ", SPREADSHEET, errors.UploadEmpty),
        (PDF, SPREADSHEET, errors.WrongKind),
        (PNG, SPREADSHEET, errors.WrongKind),
        (b"<html><script>alert(1)</script>", SPREADSHEET, errors.WrongKind),
        (b"<svg onload='x'/>", DOCUMENT_SCAN, errors.WrongKind),
        (b"MZ\x90\0" + b"\0" * 60, SPREADSHEET, errors.WrongKind),
        (b"\x7fELF" + b"\0" * 60, DOCUMENT_SCAN, errors.WrongKind),
        (b"GIF89a" + b"\0" * 60, DOCUMENT_SCAN, errors.WrongKind),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, SPREADSHEET, errors.WrongKind),
        (workbook(), DOCUMENT_SCAN, errors.WrongKind),
        (zipped(("word/document.xml", b"<x/>")), SPREADSHEET, errors.WrongKind),
        (zipped(("evil.exe", b"MZ")), SPREADSHEET, errors.WrongKind),
        (b"PK\x03\x04 broken", SPREADSHEET, errors.UploadDamaged),
        (PDF[:-8], DOCUMENT_SCAN, errors.UploadDamaged),
        (PNG[:-12], DOCUMENT_SCAN, errors.UploadDamaged),
        (PDF.replace(b"/Catalog", b"/Catalog /OpenAction << /S /JavaScript >>"), DOCUMENT_SCAN, errors.ActiveContent),
        (PDF.replace(b"/Catalog", b"/EmbeddedFile"), DOCUMENT_SCAN, errors.ActiveContent),
    ],
)
def test_anything_else_is_refused_in_one_sentence_with_its_name(content, purpose, refusal):
    with pytest.raises(errors.UploadRefused) as caught:
        check_upload(content, "мой файл", purpose)
    assert caught.type is refusal
    assert "«мой файл»" in str(caught.value)


def test_the_limit_of_size_says_what_to_do():
    with pytest.raises(errors.UploadTooLarge, match=r"больше 10 МБ\. Отсканируйте документ с меньшим разрешением"):
        check_upload(PDF + b"\0" * DOCUMENT_SCAN.max_bytes, "скан.pdf", DOCUMENT_SCAN)


def test_an_archive_that_unpacks_into_gigabytes_is_refused_unread():
    bomb = zipped(("xl/workbook.xml", b"<x/>"), ("xl/worksheets/sheet1.xml", b"\0" * (64 * 1024 * 1024)))
    assert len(bomb) < 200_000
    with pytest.raises(errors.ArchiveRefused):
        check_upload(bomb, "список.xlsx", SPREADSHEET)


def test_an_archive_that_lies_about_its_size_is_refused():
    """Readers that trust the stream and not the directory would unpack it all."""
    honest = zipped(("xl/workbook.xml", b"<x/>"), ("xl/worksheets/sheet1.xml", b"a" * 3_000_000))
    lying = honest.replace(struct.pack("<L", 3_000_000), struct.pack("<L", 1000))
    assert lying != honest
    with pytest.raises(errors.ArchiveRefused):
        check_upload(lying, "список.xlsx", SPREADSHEET)


def test_an_archive_of_very_many_members_is_refused():
    many = zipped(*((f"xl/{number}.xml", b"") for number in range(archives.MAX_MEMBERS + 1)))
    with pytest.raises(errors.ArchiveRefused):
        check_upload(many, "список.xlsx", SPREADSHEET)


def test_a_broken_member_is_left_to_the_reader():
    content = zipped(("xl/workbook.xml", zlib.compress(b"x" * 100)))
    start = content.index(b"xl/workbook.xml") + len("xl/workbook.xml")
    assert archives.members(content[:start] + b"\xff\xff\xff" + content[start + 3 :], "f.xlsx") == ["xl/workbook.xml"]


def test_a_long_sheet_of_equal_rows_is_no_bomb():
    assert check_upload(workbook(20_000), "список.xlsx", SPREADSHEET).size > 0


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\anna\\Согласие.pdf", "Согласие.pdf"),
        ('от"чёт<1>|.pdf', "от_чёт_1__.pdf"),
        ("скан\r\nSet-Cookie: a.pdf", "сканSet-Cookie_ a.pdf"),
        ("gpj\u202e.exe", "gpj.exe"),
        ("...", "файл"),
        ("", "файл"),
        ("и\u0306.pdf", "й.pdf"),
    ],
)
def test_a_name_loses_what_means_something_to_systems(name, safe):
    assert safe_name(name) == safe


def test_a_long_name_keeps_its_suffix():
    assert len(safe_name("ы" * 300 + ".pdf")) == 120
    assert safe_name("ы" * 300 + ".pdf").endswith("ы.pdf")


class Form(forms.Form):
    scan = UploadField(DOCUMENT_SCAN, label="Скан", required=False)


@pytest.mark.proves("R-172")
def test_every_upload_field_says_that_state_secrets_may_not_be_uploaded():
    assert NOTICE in str(Form()["scan"].help_text)
    assert "PDF, JPEG или PNG, до 10 МБ" in str(Form()["scan"].help_text)


def test_a_form_gives_a_checked_upload_or_the_sentence():
    good = Form(files={"scan": SimpleUploadedFile("a/b.pdf", PDF)})
    assert good.is_valid()
    assert good.cleaned_data["scan"].name == "b.pdf"
    assert Form(files={}).is_valid()
    bad = Form(files={"scan": SimpleUploadedFile("b.pdf", b"<html>")})
    assert not bad.is_valid()
    assert bad.errors["scan"] == [
        "Файл «b.pdf» не принят: по содержимому это не PDF, JPEG или PNG. "
        "Сохраните его в одном из этих видов и загрузите снова."
    ]


@pytest.mark.proves("R-178")
def test_the_scanner_sees_every_byte_and_its_refusal_is_a_sentence(settings):
    with clamd() as scanner:
        settings.ANTIVIRUS_URL = scanner.url
        content = PDF.replace(b"%%EOF", b"\0" * 200_000 + b"%%EOF")
        assert check_upload(content, "скан.pdf", DOCUMENT_SCAN).size == len(content)
        assert scanner.seen == [content]
        with pytest.raises(errors.Infected, match=r"Антивирус нашёл в файле «скан\.pdf»"):
            check_upload(PDF.replace(b"%%EOF", SIGNATURE + b"%%EOF"), "скан.pdf", DOCUMENT_SCAN)


def test_a_file_that_the_scanner_does_not_take_is_refused(settings):
    with clamd() as scanner:
        settings.ANTIVIRUS_URL = scanner.url
        with pytest.raises(errors.ScannerAway):
            check_upload(PDF.replace(b"%%EOF", b"\0" * 2 * STREAM_LIMIT + b"%%EOF"), "скан.pdf", DOCUMENT_SCAN)


def test_a_scanner_that_cannot_be_reached_refuses_too(settings):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: the connection is refused
        settings.ANTIVIRUS_URL = f"tcp://127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(errors.ScannerAway, match="антивирус не ответил"):
            check_upload(PDF, "скан.pdf", DOCUMENT_SCAN)


def test_without_a_scanner_nothing_is_asked(settings):
    settings.ANTIVIRUS_URL = None
    assert check_upload(PDF + SIGNATURE + b"%%EOF", "скан.pdf", DOCUMENT_SCAN).size
