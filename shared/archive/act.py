"""The act of handing over to storage (акт передачи на хранение): what is in the archive, its sums, who answers for it.

Source: ORGANIZATION 12.7, R-338 (EJ 3.3.1); the head of the paper: R-171 (KK П 4.5).
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from shared.archive.manifest import VERIFY, Manifest
from shared.documents.imprint import Imprint
from shared.documents.papers import Part, render_paper
from shared.kernel.text import plural, thousands

SIGNATURES = ("Сдал", "Принял на хранение", "Руководитель")
CONTENTS = (("№", 5), ("Часть архива", 44), ("Записей", 10), ("Файлов", 9), ("Байт", 14))


def render_act(manifest: Manifest, *, made_at: datetime.datetime) -> bytes:
    """The act as PDF; it bears the sum of everything else and the fingerprint of the key."""
    imprint = Imprint(
        organization=manifest.organization["full_name"],
        title=f"Акт № {manifest.number} передачи документов на хранение",
        made_at=made_at,
        executor=manifest.made_by,
        filters=f"Электронный архив {manifest.period['words']}",
    )
    parts = [_head(manifest), _contents(manifest), _left_out(manifest), _sums(manifest), _storage(manifest)]
    return render_paper(imprint, [part for part in parts if part is not None], SIGNATURES)


def render_copy_act(imprint: Imprint, *, lines: Sequence[tuple[str, str]]) -> bytes:
    """The act of copying to a removable carrier."""
    words = "Сделана копия электронного архива на съёмном носителе. Копия сверена программой проверки из архива."
    return render_paper(imprint, [Part(paragraphs=[words], lines=lines)], ("Скопировал", "Принял на хранение"))


def grouped(digest: str) -> str:
    """A control sum as people compare it, in groups of eight."""
    return " ".join(digest[start : start + 8] for start in range(0, len(digest), 8))


def _head(manifest: Manifest) -> Part:
    organization = manifest.organization
    lines = [
        ("Организация", organization["full_name"]),
        ("ИНН, КПП, ОГРН", ", ".join(organization[name] or "—" for name in ("inn", "kpp", "ogrn"))),
        ("Адрес", organization["address"] or "—"),
        ("Период", manifest.period["words"]),
        ("Исполнитель", manifest.made_by),
        ("Хранить до", manifest.kept_until),
    ]
    return Part(lines=lines)


def _contents(manifest: Manifest) -> Part:
    sizes = {member.path: member.bytes for member in manifest.members}
    rows = [
        [
            str(number),
            part.title,
            thousands(part.rows),
            thousands(len(part.members)),
            thousands(sum(sizes[path] for path in part.members)),
        ]
        for number, part in enumerate(manifest.parts, start=1)
    ]
    members = len(manifest.members)
    total = ["", "Всего", thousands(sum(part.rows for part in manifest.parts)), thousands(members)]
    return Part(title="Содержание", columns=CONTENTS, rows=[*rows, [*total, thousands(sum(sizes.values()))]])


def _left_out(manifest: Manifest) -> Part | None:
    paragraphs = [f"{one['title']}: не вошло. {one['reason']}" for one in manifest.left_out]
    paragraphs += [f"{part.title}. {remark}" for part in manifest.parts for remark in part.remarks]
    if lost := len(manifest.missing):
        words = plural(lost, "файла,файлов,файлов")
        paragraphs.append(f"Содержимого {lost} {words} нет в хранилище; их контрольные суммы перечислены в описи.")
    return Part(title="Что не вошло, примечания", paragraphs=paragraphs) if paragraphs else None


def _sums(manifest: Manifest) -> Part:
    return Part(
        title="Контрольные суммы",
        lines=[
            ("Содержимое, SHA-256", grouped(manifest.digest)),
            ("Отпечаток ключа подписи, SHA-256", grouped(manifest.fingerprint)),
        ],
        paragraphs=[
            f"Архив проверяется без системы: python {VERIFY} в папке распакованного архива или sha256sum -c SHA256SUMS."
        ],
    )


def _storage(manifest: Manifest) -> Part:
    return Part(
        title="Место хранения",
        lines=[
            ("Электронная база архивов", f"Архив № {manifest.number}"),
            ("Копия на съёмном носителе №", "________________________________"),
            ("Дата копирования", "________________________________"),
            ("Носитель хранится", "________________________________"),
        ],
    )
