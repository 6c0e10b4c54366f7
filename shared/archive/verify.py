"""Проверка архива организации без системы, из которой он получен.

Нужен только Python 3.8 или новее, без единой библиотеки:

    python verify.py                  архив распакован, программа лежит в его папке
    python verify.py ПАПКА            архив распакован в эту папку
    python verify.py АРХИВ.zip        архив не распакован
    … --key ОТПЕЧАТОК                 сверить ключ подписи с отпечатком, напечатанным в акте

Проверяется: опись цела и сходится со своей контрольной суммой; каждый файл описи на месте и не изменён; в таблицах
столько записей, сколько сказано; лишних файлов нет; подпись описи верна. Подпись проверяется, если установлена
библиотека cryptography; без неё программа говорит, что подпись не проверена. Ответ: 0, если замечаний нет, иначе 1.
"""

from __future__ import annotations

import argparse
import base64
import csv
import hashlib
import io
import json
import os
import sys
import zipfile
from typing import IO, Any, Iterator  # noqa: UP035 - it runs on Python 3.8

FORMAT = 1
MANIFEST, SIGNATURE, SUMS, ACT = "manifest.json", "manifest.sig", "SHA256SUMS", "act.pdf"
PIECE = 1024 * 1024
csv.field_size_limit(2**31 - 1)


class Folder:
    """An archive that was unpacked."""

    def __init__(self, path: str) -> None:
        self.path = path

    def names(self) -> list[str]:
        found = []
        for place, _, files in os.walk(self.path):
            for name in files:
                found.append(os.path.relpath(os.path.join(place, name), self.path).replace(os.sep, "/"))
        return sorted(found)

    def open(self, name: str) -> IO[bytes]:
        return open(os.path.join(self.path, *name.split("/")), "rb")


class Packed:
    """An archive as one file."""

    def __init__(self, path: str) -> None:
        self.file = zipfile.ZipFile(path)

    def names(self) -> list[str]:
        return sorted(name for name in self.file.namelist() if not name.endswith("/"))

    def open(self, name: str) -> IO[bytes]:
        return self.file.open(name)


class Check:
    """Goes through an archive and gathers what is wrong with it."""

    def __init__(self, place: Any) -> None:
        self.place = place
        self.faults: list[str] = []
        self.manifest: dict[str, Any] = {}

    def run(self, expected_key: str) -> None:
        names = self.place.names()
        for name in sorted({one for one in names if names.count(one) > 1}):
            self.faults.append(f"Файл «{name}» записан в архиве дважды.")
        if not self.read_manifest(names):
            return
        members = self.manifest["members"]
        self.check_digest(members)
        known = {MANIFEST, SIGNATURE, SUMS}
        for member in members:
            known.add(member["path"])
            if member["path"] in names:
                self.check_member(member)
            else:
                self.faults.append("Нет файла «{path}», который есть в описи.".format(**member))
        for name in names:
            if name not in known:
                self.faults.append(f"Файла «{name}» нет в описи: он добавлен после запечатывания.")
        self.check_sums(names, members)
        self.check_signature(names, expected_key)

    def read_manifest(self, names: list[str]) -> bool:
        if MANIFEST not in names:
            self.faults.append(f"Нет описи «{MANIFEST}»: это не архив организации или он распакован не полностью.")
            return False
        try:
            self.manifest = json.loads(self.content(MANIFEST).decode("utf-8"))
            kind = self.manifest["format"]
            members = self.manifest["members"]
            if not all(isinstance(member["path"], str) for member in members):
                raise ValueError
        except Exception:  # noqa: BLE001 - whatever was done to the file, the answer is the same
            self.faults.append(f"Опись «{MANIFEST}» повреждена и не читается.")
            return False
        if kind != FORMAT:
            self.faults.append(f"Вид архива № {kind} этой программе неизвестен.")
            return False
        return True

    def content(self, name: str) -> bytes:
        with self.place.open(name) as file:
            return bytes(file.read())

    def check_digest(self, members: list[dict[str, Any]]) -> None:
        lines = "".join(line for path, line in sums_lines(members) if path != ACT)
        if hashlib.sha256(lines.encode("utf-8")).hexdigest() != self.manifest.get("digest"):
            self.faults.append("Опись изменена: её контрольная сумма не сходится с перечнем файлов.")

    def check_member(self, member: dict[str, Any]) -> None:
        path = member["path"]
        digest, size = hashlib.sha256(), 0
        try:
            with self.place.open(path) as file:
                for piece in iter(lambda: file.read(PIECE), b""):
                    digest.update(piece)
                    size += len(piece)
        except Exception:  # noqa: BLE001 - a torn member of a zip raises many things
            self.faults.append(f"Файл «{path}» повреждён и не читается.")
            return
        if digest.hexdigest() != member["sha256"]:
            wanted = member["bytes"]
            said = "" if size == wanted else f": в нём {size} байт вместо {wanted}"
            self.faults.append(f"Файл «{path}» изменён{said}. Контрольная сумма не сходится.")
        if member.get("rows") is not None:
            self.check_rows(member)

    def check_rows(self, member: dict[str, Any]) -> None:
        path = member["path"]
        try:
            with self.place.open(path) as file:
                text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
                table = csv.reader(text, delimiter=";")
                header = next(table, [])
                rows = sum(1 for _ in table)
        except Exception:  # noqa: BLE001 - not a table any more
            self.faults.append(f"Таблица «{path}» не читается.")
            return
        if header != list(member["columns"]):
            self.faults.append(f"В таблице «{path}» другие столбцы.")
        if rows != member["rows"]:
            wanted = member["rows"]
            self.faults.append(f"В таблице «{path}» записей {rows}, в описи {wanted}.")

    def check_sums(self, names: list[str], members: list[dict[str, Any]]) -> None:
        if SUMS not in names:
            self.faults.append(f"Нет файла контрольных сумм «{SUMS}».")
            return
        expected = [line for _, line in sums_lines(members)]
        for name in (MANIFEST, SIGNATURE):
            if name in names:
                expected.append(sums_line(hashlib.sha256(self.content(name)).hexdigest(), name))
        if self.content(SUMS) != "".join(expected).encode("utf-8"):
            self.faults.append(f"Файл «{SUMS}» не сходится с описью: изменён он или опись.")

    def check_signature(self, names: list[str], expected_key: str) -> None:
        try:
            key = base64.b64decode(self.manifest["key"])
        except Exception:  # noqa: BLE001 - whatever stands there, it is no key
            self.faults.append("В описи нет ключа подписи.")
            return
        own = hashlib.sha256(key).hexdigest()
        if expected_key and own != expected_key:
            self.faults.append(f"Архив подписан другим ключом: его отпечаток {own}.")
        if SIGNATURE not in names:
            self.faults.append(f"Нет подписи описи «{SIGNATURE}».")
            return
        verdict = is_signed(key, self.content(SIGNATURE), self.content(MANIFEST))
        if verdict is None:
            say("Подпись не проверена: не установлена библиотека cryptography (pip install cryptography).")
        elif verdict:
            say("Подпись описи верна.")
        else:
            self.faults.append("Подпись описи неверна: опись изменена после запечатывания.")
        say(f"Отпечаток ключа: {own}")


def is_signed(key: bytes, signature: bytes, content: bytes) -> bool | None:
    """None when there is nothing to check with."""
    try:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    except ImportError:
        return None
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, content)
    except (InvalidSignature, ValueError):
        return False
    return True


def sums_lines(members: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    for member in sorted(members, key=lambda one: one["path"]):
        yield member["path"], sums_line(member["sha256"], member["path"])


def sums_line(digest: str, name: str) -> str:
    return f"{digest}  {name}\n"


def say(line: str) -> None:
    sys.stdout.write(line + "\n")


def main() -> int:
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")
    parser = argparse.ArgumentParser(description="Проверка архива организации.")
    parser.add_argument("place", nargs="?", default=os.path.dirname(os.path.abspath(__file__)), help="архив или папка")
    parser.add_argument("--key", default="", help="отпечаток ключа из акта")
    asked = parser.parse_args()
    try:
        place: Any = Folder(asked.place) if os.path.isdir(asked.place) else Packed(asked.place)
    except (OSError, zipfile.BadZipFile):
        say(f"Файл «{asked.place}» не открывается: его нет, или это не архив, или он скачан не до конца.")
        return 1
    check = Check(place)
    check.run("".join(asked.key.lower().split()))
    if check.manifest:
        about = check.manifest
        organization, period = about.get("organization", {}), about.get("period", {})
        say("Организация: {}".format(organization.get("full_name")))
        say("Архив: № {}, {}".format(about.get("number"), period.get("words")))
        say("Контрольная сумма содержимого: {}".format(about.get("digest")))
        say("Сверьте сумму и отпечаток с актом на бумаге.")
    for fault in check.faults:
        say("ОШИБКА. " + fault)
    say(f"Архив не прошёл проверку, замечаний: {len(check.faults)}." if check.faults else "Архив цел.")
    return 1 if check.faults else 0


if __name__ == "__main__":
    sys.exit(main())
