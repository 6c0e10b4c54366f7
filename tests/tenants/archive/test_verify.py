"""``verify.py`` on a machine without the system: a whole archive passes, any change is found and said in Russian."""

from __future__ import annotations

import ast
import base64
import hashlib
import json
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared.archive import verify as program
from shared.archive.manifest import Member, digest_of, sums_of
from tests.tenants.archive.filling import verify


def test_a_whole_archive_passes_without_any_library(unpacked, archive):
    found = verify(unpacked)
    assert (found.returncode, found.stderr) == (0, "")
    assert "Архив цел." in found.stdout
    assert "Подпись не проверена: не установлена библиотека cryptography" in found.stdout
    assert "Средняя школа № 7 города Анапы" in found.stdout
    assert archive.manifest["digest"] in found.stdout


def test_it_passes_packed_and_with_the_signature_checked(unpacked, archive, tmp_path):
    packed = tmp_path / "архив.zip"
    packed.write_bytes(archive.content)
    found = verify(packed, "--key", archive.manifest["fingerprint"], program=unpacked / "verify.py", bare=False)
    assert (found.returncode, "Подпись описи верна." in found.stdout) == (0, True)
    stranger = verify(packed, "--key", "0" * 64, program=unpacked / "verify.py", bare=False)
    assert (stranger.returncode, "подписан другим ключом" in stranger.stdout) == (1, True)


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="sha256sum is not installed")
def test_the_sums_are_those_of_sha256sum(unpacked):
    command = ["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"]
    assert subprocess.run(command, cwd=unpacked, check=False).returncode == 0
    (unpacked / "csv/staff.csv").write_text("другое", encoding="utf-8")
    assert subprocess.run(command, cwd=unpacked, check=False, capture_output=True).returncode == 1


def _byte(folder: Path) -> None:
    path = folder / "pdf/class_lists.pdf"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def _member_gone(folder: Path) -> None:
    (folder / "csv/movement.csv").unlink()


def _member_added(folder: Path) -> None:
    (folder / "files/справка.pdf").write_bytes(b"%PDF")


def _row_added(folder: Path) -> None:
    with (folder / "csv/staff.csv").open("a", encoding="utf-8") as file:
        file.write("кто-то;\r\n")


def _manifest_changed(folder: Path) -> None:
    path = folder / "manifest.json"
    path.write_text(path.read_text(encoding="utf-8").replace("Анапы", "Сочи"), encoding="utf-8")


def _sum_in_manifest_changed(folder: Path) -> None:
    _row_added(folder)
    path, table = folder / "manifest.json", folder / "csv/staff.csv"
    facts = json.loads(path.read_text(encoding="utf-8"))
    (member,) = [one for one in facts["members"] if one["path"] == "csv/staff.csv"]
    member["sha256"], member["rows"] = hashlib.sha256(table.read_bytes()).hexdigest(), member["rows"] + 1
    path.write_text(json.dumps(facts, ensure_ascii=False), encoding="utf-8")


def _no_manifest(folder: Path) -> None:
    (folder / "manifest.json").unlink()


def _torn_manifest(folder: Path) -> None:
    path = folder / "manifest.json"
    path.write_bytes(path.read_bytes()[:200])


def _no_signature(folder: Path) -> None:
    (folder / "manifest.sig").unlink()


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (_byte, "Файл «pdf/class_lists.pdf» изменён. Контрольная сумма не сходится."),
        (_member_gone, "Нет файла «csv/movement.csv», который есть в описи."),
        (_member_added, "Файла «files/справка.pdf» нет в описи: он добавлен после запечатывания."),
        (_row_added, "В таблице «csv/staff.csv» записей 3, в описи 2."),
        (_manifest_changed, "Файл «SHA256SUMS» не сходится с описью"),
        (_sum_in_manifest_changed, "Опись изменена: её контрольная сумма не сходится с перечнем файлов."),
        (_no_manifest, "Нет описи «manifest.json»"),
        (_torn_manifest, "Опись «manifest.json» повреждена и не читается."),
        (_no_signature, "Нет подписи описи «manifest.sig»."),
    ],
)
def test_a_change_is_found_and_said_in_words(unpacked, damage, said):
    damage(unpacked)
    found = verify(unpacked)
    assert (found.returncode, found.stderr) == (1, "")
    assert f"ОШИБКА. {said}" in found.stdout
    assert "Архив не прошёл проверку" in found.stdout


def test_an_archive_forged_with_all_its_sums_is_found_by_the_signature_and_the_act(unpacked, archive):
    """Every sum is made anew, so only the key of the system, which the forger has not, tells the two apart."""
    _row_added(unpacked)
    facts = archive.manifest
    content = (unpacked / "csv/staff.csv").read_bytes()
    for one in facts["members"]:
        if one["path"] == "csv/staff.csv":
            one |= {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content), "rows": one["rows"] + 1}
    members = [Member(**one) for one in facts["members"]]
    forger, fingerprint = Ed25519PrivateKey.generate(), facts["fingerprint"]
    for key in (None, forger):
        told = facts | {"digest": digest_of(members)}
        if key is not None:
            told |= {"key": base64.b64encode(key.public_key().public_bytes_raw()).decode()}
        manifest = json.dumps(told, ensure_ascii=False).encode()
        signature = key.sign(manifest) if key else (unpacked / "manifest.sig").read_bytes()
        last = [("manifest.json", manifest), ("manifest.sig", signature)]
        for path, text in [*last, ("SHA256SUMS", sums_of(members, last))]:
            (unpacked / path).write_bytes(text)
        found = verify(unpacked, "--key", fingerprint, bare=False)
        assert found.returncode == 1
        assert ("подписан другим ключом" if key else "Подпись описи неверна") in found.stdout
        assert archive.file.read("act.pdf") == (unpacked / "act.pdf").read_bytes()
        assert digest_of(members) not in archive.text("act.pdf").replace(" ", "")


def test_a_torn_or_damaged_package_is_said_in_words(unpacked, archive, tmp_path):
    torn, damaged, twice = (tmp_path / f"{name}.zip" for name in ("torn", "damaged", "twice"))
    torn.write_bytes(archive.content[: len(archive.content) // 2])
    place = archive.file.getinfo("csv/learners.csv").header_offset + 200
    damaged.write_bytes(archive.content[:place] + b"\x00" + archive.content[place + 1 :])
    twice.write_bytes(archive.content)
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(twice, "a") as file:
        file.writestr("csv/staff.csv", b"")
    said = {torn: "не открывается", damaged: "csv/learners.csv", twice: "«csv/staff.csv» записан в архиве дважды"}
    for path, words in said.items():
        found = verify(path, program=unpacked / "verify.py")
        assert (found.returncode, found.stderr, words in found.stdout) == (1, "", True), found.stdout


def test_the_program_is_of_the_standard_library_and_of_python_3_8():
    text = Path(program.__file__).read_text(encoding="utf-8")
    tree = ast.parse(text, feature_version=(3, 8))
    imported = {
        alias.name.partition(".")[0]
        for node in tree.body
        for alias in getattr(node, "names", ())
        if isinstance(node, ast.Import)
    }
    assert imported <= {"argparse", "base64", "csv", "hashlib", "io", "json", "os", "sys", "zipfile"}
