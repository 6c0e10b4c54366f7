"""Rows of a CSV file whatever program saved it: encoding and delimiter are found, not asked."""

import codecs
import csv
import io
import re
from collections.abc import Iterator

from .errors import FileUnreadable, NotATable, QuoteNotClosed

DELIMITERS = (";", ",", "\t")  # in order of preference when a header line tells nothing
_QUOTED = re.compile(r'"(?:[^"]|"")*"')
_LINE_END = re.compile(r"[\r\n]")
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_MARKUP = re.compile(r"\s*(?:<\?xml|<!doctype|<html|<table|\{\\rtf)", re.IGNORECASE)


def decode(content: bytes, filename: str) -> tuple[str, str]:
    """The text and the name of its encoding, as a person knows it.

    UTF-8 is tried first: a cp1251 text of more than a few letters is never valid UTF-8 by chance.
    """
    if content.startswith(_UTF16):
        try:
            return content.decode("utf-16"), "UTF-16"
        except UnicodeDecodeError:
            raise FileUnreadable(filename=filename) from None
    if b"\0" in content:
        raise NotATable(filename=filename, kind="двоичный файл")
    try:
        return content.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError:
        pass
    try:
        return content.decode("cp1251"), "Windows-1251"
    except UnicodeDecodeError:
        raise NotATable(filename=filename, kind="двоичный файл") from None


def find_delimiter(text: str) -> str:
    """The delimiter that stands most often in the header line, outside quotes."""
    header = _LINE_END.split(_QUOTED.sub("", text.lstrip()[:65536]), maxsplit=1)[0]
    return max(DELIMITERS, key=header.count)


def read_csv(text: str, delimiter: str, filename: str) -> Iterator[list[str]]:
    """Records of the text, blank ones included, so that the place of a record is its row number.

    Raises: QuoteNotClosed, NotATable.
    """
    if _MARKUP.match(text[:1024]):
        raise NotATable(filename=filename, kind="документ с разметкой")
    # An unclosed quote silently swallows the rest of the file unless the reader is strict; a strict reader also
    # refuses «"ООО "Ромашка""», which is readable, so it is strict only when the quotes cannot match.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=text.count('"') % 2 == 1)
    try:
        yield from reader
    except csv.Error:
        raise QuoteNotClosed(filename=filename, row=reader.line_num) from None
