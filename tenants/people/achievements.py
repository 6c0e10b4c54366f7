"""Achievements of learners: recorded, corrected, listed. Source: ORGANIZATION 13 (KK Прил.2 2.1.9)."""

from __future__ import annotations

import datetime
from dataclasses import asdict, dataclass
from typing import Final

from django.db import transaction

from shared.access.actors import Actor
from shared.classifiers.catalog import load_catalog
from tenants.files.models import StoredFile
from tenants.files.services import remove_file
from tenants.people.models import Achievement, Student

SCAN: Final = "achievement"  # purpose of the kept file


@dataclass(frozen=True, slots=True, kw_only=True)
class AchievementFacts:
    """Codes of ``achievement_kind`` and ``event_level``; ``result`` is «победитель», «2 место»."""

    kind: str
    title: str
    level: str
    gained_on: datetime.date
    result: str = ""
    document: str = ""


@transaction.atomic
def add_achievement(
    *, student: Student, facts: AchievementFacts, recorded_by: str, scan: StoredFile | None = None
) -> Achievement:
    """Record an achievement with its scan, if there is one."""
    return Achievement.objects.create(
        student=student, **asdict(facts), file_id=scan.pk if scan else None, recorded_by=recorded_by
    )


@transaction.atomic
def edit_achievement(
    *, achievement: Achievement, facts: AchievementFacts, recorded_by: str, scan: StoredFile | None = None
) -> Achievement:
    """Put it right; a new scan takes the place of the former one."""
    for name, value in asdict(facts).items():
        setattr(achievement, name, value)
    if scan is not None:
        _drop_scan(achievement)
        achievement.file_id = scan.pk
    achievement.recorded_by = recorded_by
    achievement.save()
    return achievement


@transaction.atomic
def remove_achievement(*, achievement: Achievement) -> None:
    """It was recorded by mistake: the row history keeps it."""
    _drop_scan(achievement)
    achievement.delete()


def may_open_scan(actor: Actor, stored: StoredFile) -> bool:
    """The keeper of these files (``tenants.files.keepers``)."""
    return Achievement.objects.seen_by(actor, "achievements.read").filter(file_id=stored.pk).exists()


def in_words(achievement: Achievement) -> str:
    """One line for papers: «Олимпиада «…», муниципальный уровень, победитель»."""
    catalog = load_catalog()
    parts = [
        f"{catalog.label('achievement_kind', achievement.kind)}: {achievement.title}",
        catalog.label("event_level", achievement.level).lower(),
        achievement.result,
    ]
    return ", ".join(filter(None, parts))


def _drop_scan(achievement: Achievement) -> None:
    if achievement.file_id is not None:
        for stored in StoredFile.objects.filter(pk=achievement.file_id, purpose=SCAN):
            remove_file(stored)
