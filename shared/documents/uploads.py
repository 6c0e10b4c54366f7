"""The one door for uploaded files: size, kind by content, archive bombs, antivirus, a harmless name.

Source: R-172 (no state secrets), R-178, R-179 (protection against harmful and unlawful content).
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, Final

import puremagic
from django import forms
from django.core.files.uploadedfile import UploadedFile

from shared.kernel.rules import RuleViolation

from . import antivirus
from .archives import ZIP, members
from .errors import ActiveContent, UploadDamaged, UploadEmpty, UploadTooLarge, WrongKind

NOTICE: Final = "Сведения, составляющие государственную тайну, загружать нельзя."
MEGABYTE: Final = 1024 * 1024
LONGEST_NAME: Final = 120
LONGEST_FORM_NAME: Final = 200
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_STREAMS: Final = tuple(name.encode("utf-16-le") for name in ("Workbook", "Book", "EncryptedPackage"))
_HEAD: Final = 4096
_TAIL: Final = 2048
_MARKUP: Final = re.compile(rb"\s*(?:<|\{\\rtf|%!PS)")
_NOT_IN_NAME: Final = re.compile(r'[<>:"/\\|?*]')
# A scan needs none of these; a document that acts by itself is not a scan.
_ACTIVE: Final = re.compile(rb"/(?:JavaScript|JS|Launch|EmbeddedFile|RichMedia|XFA)\b")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file known by its content; ``tail`` stands near the end of every whole one."""

    content_type: str
    suffixes: tuple[str, ...]
    tail: bytes = b""


PDF: Final = Kind("application/pdf", (".pdf",), b"%%EOF")
JPEG: Final = Kind("image/jpeg", (".jpg", ".jpeg"), b"\xff\xd9")
PNG: Final = Kind("image/png", (".png",), b"IEND")
TEXT: Final = Kind("text/csv", (".csv", ".txt"))
XLS: Final = Kind("application/vnd.ms-excel", (".xls",))
XLSX: Final = Kind("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", (".xlsx", ".xlsm", ".xlsb"))
ODS: Final = Kind("application/vnd.oasis.opendocument.spreadsheet", (".ods",))


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a place of upload takes. ``kinds_text`` completes «это не …», ``advice`` follows «больше N МБ»."""

    kinds: tuple[Kind, ...]
    kinds_text: str
    max_bytes: int
    advice: str

    @property
    def accept(self) -> str:
        return ",".join(suffix for kind in self.kinds for suffix in kind.suffixes)

    def up_to(self, max_bytes: int, advice: str = "") -> Purpose:
        """The same with another limit."""
        return Purpose(self.kinds, self.kinds_text, max_bytes, advice or self.advice)


SPREADSHEET: Final = Purpose(
    kinds=(TEXT, XLSX, XLS, ODS),
    kinds_text="таблица CSV, XLSX, XLS или ODS",
    max_bytes=50 * MEGABYTE,
    advice="Разделите его на несколько и загрузите по очереди.",
)
DOCUMENT_SCAN: Final = Purpose(
    kinds=(PDF, JPEG, PNG),
    kinds_text="PDF, JPEG или PNG",
    max_bytes=10 * MEGABYTE,
    advice="Отсканируйте документ с меньшим разрешением и загрузите снова.",
)


@dataclass(frozen=True, slots=True)
class CheckedUpload:
    """A file that passed the door."""

    content: bytes
    name: str
    content_type: str
    sha256: str

    @property
    def size(self) -> int:
        return len(self.content)


def check_upload(content: bytes, name: str, purpose: Purpose) -> CheckedUpload:
    """Look at a whole file before anything parses or keeps it.

    Raises: UploadRefused and its subclasses, each with one sentence.
    """
    name = safe_name(name)
    if len(content) > purpose.max_bytes:
        raise _too_large(name, purpose)
    if not content.strip():
        raise UploadEmpty(name=name)
    kind = _kind(content, name)
    if kind not in purpose.kinds:
        raise WrongKind(name=name, kinds=purpose.kinds_text)
    if kind.tail not in content[-_TAIL:]:
        raise UploadDamaged(name=name)
    if kind is PDF and _ACTIVE.search(content):
        raise ActiveContent(name=name)
    antivirus.scan(content, name)
    return CheckedUpload(content, _named(name, kind), kind.content_type, hashlib.sha256(content).hexdigest())


def safe_name(name: str) -> str:
    """The last part of a name without signs that mean something to a file system, a header or a reader's eye."""
    text = unicodedata.normalize("NFC", name.replace("\\", "/")).rpartition("/")[2]
    text = "".join(sign for sign in text if unicodedata.category(sign)[0] != "C")
    text = " ".join(_NOT_IN_NAME.sub("_", text).split()).strip(". ")
    suffix = PurePosixPath(text).suffix[:10]
    return f"{text.removesuffix(suffix)[: LONGEST_NAME - len(suffix)]}{suffix}" or "файл"


def _named(name: str, kind: Kind) -> str:
    """The name with a suffix that tells the truth."""
    return name if name.lower().endswith(kind.suffixes) else f"{name}{kind.suffixes[0]}"


def _too_large(name: str, purpose: Purpose) -> UploadTooLarge:
    return UploadTooLarge(name=name, limit=purpose.max_bytes // MEGABYTE, advice=purpose.advice)


def _kind(content: bytes, name: str) -> Kind | None:
    """What the content is; the name is not asked. Raises: ArchiveRefused, UploadDamaged."""
    if content.startswith(ZIP):
        return _archive_kind(members(content, name))
    if content.startswith(_OLE):
        return XLS if any(stream in content for stream in _OLE_STREAMS) else None
    if _is_text(content):
        return TEXT
    try:
        found = {match.mime_type for match in puremagic.magic_string(content[:_HEAD])}
    except puremagic.PureError:
        return None
    return next((kind for kind in (PDF, JPEG, PNG) if kind.content_type in found), None)


def _archive_kind(names: list[str]) -> Kind | None:
    if "xl/workbook.xml" in names or "xl/workbook.bin" in names:
        return XLSX
    return ODS if {"mimetype", "content.xml"} <= set(names) else None


def _is_text(content: bytes) -> bool:
    """Text of letters and separators: no zero bytes (UTF-16 apart), no control signs, no markup."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    head = content[:_HEAD]
    if _MARKUP.match(head) or head.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff")):
        return False
    return not any(byte < 32 and byte not in b"\t\n\r\f" for byte in head) and b"\0" not in content


class UploadField(forms.FileField):
    """A form field whose cleaned value is a ``CheckedUpload``; it says what it takes and what must not be uploaded."""

    def __init__(self, purpose: Purpose, *, help_text: str = "", **options: Any) -> None:
        self.purpose = purpose
        options.setdefault("widget", forms.FileInput(attrs={"accept": purpose.accept}))
        options.setdefault("max_length", LONGEST_FORM_NAME)
        about = help_text or f"{purpose.kinds_text[0].upper()}{purpose.kinds_text[1:]}, до {self._megabytes} МБ."
        super().__init__(help_text=f"{about} {NOTICE}", **options)
        self.error_messages |= {
            "required": "Файл не выбран. Выберите его и повторите.",
            "empty": "Файл пуст. Выберите другой и загрузите его.",
            "max_length": f"Имя файла длиннее {LONGEST_FORM_NAME} знаков. Сократите его.",
        } | (options.get("error_messages") or {})

    @property
    def _megabytes(self) -> int:
        return self.purpose.max_bytes // MEGABYTE

    def clean(self, data: Any, initial: Any = None) -> CheckedUpload | None:
        """Raises: ValidationError with the sentence of the refusal."""
        file: UploadedFile | None = super().clean(data, initial)
        if not file:
            return None
        name = safe_name(file.name or "")
        try:
            if (file.size or 0) > self.purpose.max_bytes:
                raise _too_large(name, self.purpose)
            return check_upload(file.read(), name, self.purpose)
        except RuleViolation as refusal:
            raise forms.ValidationError(str(refusal), code=refusal.code) from refusal
