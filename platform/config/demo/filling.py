"""Filling the demonstration step by step; each step looks at what is there, so it may be cut short and run again."""

from __future__ import annotations

import csv
import hashlib
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Final

from django.utils import timezone

from config.demo.agreements import create_agreements
from config.demo.appointments import create_appointments
from config.demo.consents import create_consents
from config.demo.learner_cards import create_learner_cards
from config.demo.orders import create_orders
from config.demo.organization_cards import create_organization_cards
from config.demo.people import ACTOR, REGION, create_people
from config.demo.security import create_security
from config.demo.staff import create_staff
from config.demo.state import DemoState
from config.demo.support import create_support
from config.version import expected_fingerprint, is_current
from devdb import EnvironmentNotReady
from fleet import migration
from fleet.generation import demo_files
from fleet.onboarding import services as onboarding
from fleet.onboarding.rows import OrganizationRow
from fleet.onboarding.services import RunReport
from shared.imports.tables import read_table
from shared.organizations.models import Organization
from shared.tenancy import scopes
from tenants.handup.projector import settle
from tenants.intake import services as intake

SEED: Final = 2026
REGISTER: Final = Path(migration.__file__).parent / "data" / "organizations.csv"
Say = Callable[[str], None]
# What is done in one school through the same services as users' work: name of the step, its words, the step.
STEPS: Final[tuple[tuple[str, str, Callable[[str], None]], ...]] = (
    ("orders", "Приказы, сделанные в системе", create_orders),
    ("consents", "Согласия и особые сведения", create_consents),
    ("learner_cards", "Карточки учеников и родителей", create_learner_cards),
    ("staff", "Работники организаций", create_staff),
    ("appointments", "Назначения, обязанности и сроки", create_appointments),
    ("support", "Обращение в поддержку и запрос второй подписи", create_support),
    ("security", "Меры защиты персональных данных", create_security),
    ("organization_cards", "Карточки организаций, руководители, здания", create_organization_cards),
)


def fill(state: DemoState, *, learners: int, say: Say) -> None:
    """Bring the demonstration to completeness, or find in a moment that it is complete."""
    if not is_current():
        say("База данных и её схемы…")
        migration.migrate_all(progress=lambda line: say(f"  {line}"))
    if state.is_complete:
        return
    _generate(state, learners, say)
    create_agreements(state.source / "organizations.csv")
    _connect(state, say)
    create_people(state)
    _import(state, say)
    for name, what, step in STEPS:
        if name not in state.done:
            say(f"{what}…")
            step(state.school)
            state.done.append(name)
    state.is_complete = True
    state.write()


def _generate(state: DemoState, learners: int, say: Say) -> None:
    """Same seed, same files: cut short, they are simply written again."""
    if state.learners == learners and state.school:
        return
    if state.imported:
        raise EnvironmentNotReady(
            f"Демонстрация начата на {state.learners} обучающихся: повторите с тем же числом или начните с asuso reset."
        )
    say(f"Вымышленные люди: {learners} обучающихся…")
    demo_files(organizations_csv=REGISTER, region_prefix=REGION, learners=learners, seed=SEED, to=state.source)
    state.learners, state.school = learners, _main_school(state.source)
    state.write()


def _main_school(source: Path) -> str:
    """The largest school of the municipality with most organizations: there is something to see on every level."""
    with (source / "organizations.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    neighbors = Counter(row["oktmo"] for row in rows)
    sizes = {row["slug"]: (source / f"contingent-{row['slug']}.csv").stat().st_size for row in rows}
    schools = [row for row in rows if row["type"] == "school"]
    return max(schools, key=lambda row: (neighbors[row["oktmo"]], sizes[row["slug"]]))["slug"]


def _connect(state: DemoState, say: Say) -> None:
    file = state.source / "organizations.csv"
    preview = onboarding.check(read_table(file), using="owner")

    def told(report: RunReport, row: OrganizationRow) -> None:
        if report.done % 5 == 0 or report.done == report.rows:
            say(f"Организации: {report.done} из {report.rows}")

    report = onboarding.run(preview, source_name=file.name, output_dir=state.folder, progress=told)
    for row in report.refused:
        say(f"  строка {row.number} отклонена: {row.reason}")


def _import(state: DemoState, say: Say) -> None:
    organizations = list(Organization.objects.filter(region_id=REGION, fingerprint=expected_fingerprint()))
    waiting = [organization for organization in organizations if organization.slug not in state.imported]
    for organization in sorted(waiting, key=lambda found: found.slug):
        file = state.source / f"contingent-{organization.slug}.csv"
        if file.exists():
            _import_one(organization, file)
        state.imported.append(organization.slug)
        state.write()
        say(f"Контингент: {len(state.imported)} из {len(organizations)} — {organization.short_name}")


def _import_one(organization: Organization, file: Path) -> None:
    """What ``asuso contingent import`` does; a file imported before Ctrl-C changes nothing the second time."""
    with scopes.enter(scopes.of_organization(organization.schema_name).by(ACTOR)):
        source = intake.Source(
            table=read_table(file),
            file_name=file.name,
            checksum=hashlib.sha256(file.read_bytes()).hexdigest(),
            org_type=organization.org_type,
            year=None,
            today=timezone.localdate(),
        )
        intake.bring_in(source, update=False, all_or_nothing=False, made_by=ACTOR)
    settle(organization)
