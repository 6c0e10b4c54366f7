"""The upgrade of the fleet: group by group of equal versions, one organization on trial, then the rest at once.

Every organization is one short transaction with its line in the ledger, so an upgrade may be cut off at any moment and
is carried on by running it again. One whose tables are not what its version says is left alone and named.
Source: ARCHITECTURE 4, TENANCY 4.
"""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial

from django.db import connections, transaction
from django.db.utils import DatabaseError
from django.utils import timezone

from fleet.compiling import Plan, carry_out, compile_plan, limit_waiting
from fleet.models import Upgrade, UpgradeLine
from shared.organizations.models import Organization
from shared.tenancy import schemas
from shared.tenancy.models import TemplateScript
from shared.tenancy.structure import FORM, structures

logger = logging.getLogger(__name__)
TASK = "fleet.upgrading.carry_on"
RECONNECT_EVERY = 200
TRIALS = 3  # so many organizations in a row may fail before the rest is left as it is
DRIFTED = "таблицы не такие, как в её версии (посмотрите asuso fleet drift {slug})"
OTHERWISE = "после обновления таблицы не такие, как в шаблоне, обновление отменено"
TRIAL_FAILED = "пробная организация {slug} не обновлена: {reason}"

Outcome = UpgradeLine.Outcome
Say = Callable[[str], None]


class StructureDiffers(RuntimeError):
    """The upgraded schema is not what the template is: its transaction is rolled back."""


class Drifted(StructureDiffers):
    """The schema was changed by something else than its migrations, so the compiled SQL may not fit it."""


@dataclass(frozen=True, slots=True)
class _Way:
    """A plan with the structures it leads from and to; empty where none is kept in the present form."""

    plan: Plan
    before: str
    after: str


@dataclass
class UpgradeReport:
    """What happened: organizations upgraded, already current, and failed with the reason."""

    fingerprint: str = ""
    upgraded: list[str] = field(default_factory=list)
    current: int = 0
    failed: dict[str, str] = field(default_factory=dict)


def upgrade(
    fingerprint: str, *, progress: Say = lambda line: None, jobs: int = 1, by: str = "console"
) -> UpgradeReport:
    """Bring every organization to the template's version; nothing is written where all of them are at it.

    Raises: PythonInTenantMigration.
    """
    report = UpgradeReport(fingerprint=fingerprint)
    behind = _behind(fingerprint, report)
    if not behind:
        return report
    run = Upgrade.objects.using("owner").create(
        fingerprint=fingerprint, made_by=by, wanted=sum(map(len, behind.values()))
    )
    try:
        for digest, organizations in behind.items():
            _upgrade_group(run, digest, organizations, report, progress=progress, jobs=jobs)
    finally:
        Upgrade.objects.using("owner").filter(pk=run.pk).update(finished_at=timezone.now())
    return report


def _upgrade_group(
    run: Upgrade, digest: str, organizations: list[Organization], report: UpgradeReport, *, progress: Say, jobs: int
) -> None:
    way = _Way(
        plan=compile_plan(organizations[0].schema_name, run.fingerprint),
        before=_kept_structure(digest),
        after=_kept_structure(run.fingerprint),
    )
    rest = _try_first(run, way, organizations, report)
    starts = range(0, len(rest), RECONNECT_EVERY)
    batches = [rest[start : start + RECONNECT_EVERY] for start in starts]
    with ThreadPoolExecutor(max_workers=jobs) as pool:
        for done, outcomes in enumerate(pool.map(partial(_carry_out_batch, run, way), batches), 1):
            _note(report, outcomes)
            progress(f"Организации версии {digest[:8]}: часть {done} из {len(batches)}")


def _try_first(run: Upgrade, way: _Way, organizations: list[Organization], report: UpgradeReport) -> list[Organization]:
    """One organization alone, its tables compared with the template's; while it fails for its own sake, the next one.

    Returns those still to be upgraded: none, when what failed is the release itself.
    """
    for place, organization in enumerate(organizations):
        outcomes = _carry_out_batch(run, way, [organization], is_trial=True)
        _note(report, outcomes)
        reason = outcomes[organization.slug]
        if reason is None:
            return organizations[place + 1 :]
        if place + 1 == TRIALS:
            rest = organizations[place + 1 :]
            reasons = {one.slug: TRIAL_FAILED.format(slug=organization.slug, reason=reason) for one in rest}
            _write_failures(run, rest, reasons, Outcome.LEFT)
            _note(report, reasons)
            break
    return []


def _carry_out_batch(
    run: Upgrade, way: _Way, organizations: list[Organization], *, is_trial: bool = False
) -> dict[str, str | None]:
    """Reason of failure, or None, by organization. A connection lives for one batch: its memory only grows."""
    outcomes: dict[str, str | None] = {}
    try:
        present = structures(one.schema_name for one in organizations) if way.before else {}
        for organization in organizations:
            try:
                if way.before and present.get(organization.schema_name) != way.before:
                    raise Drifted(DRIFTED.format(slug=organization.slug))
                _carry_out_one(run, way, organization, is_trial=is_trial)
                outcomes[organization.slug] = None
            except (DatabaseError, StructureDiffers) as error:
                logger.warning("upgrade failed", extra={"schema": organization.schema_name})
                outcomes[organization.slug] = reason = str(error).splitlines()[0]
                outcome = Outcome.DRIFTED if isinstance(error, Drifted) else Outcome.FAILED
                _write_failures(run, [organization], {organization.slug: reason}, outcome)
    finally:
        connections["owner"].close()
    return outcomes


def _carry_out_one(run: Upgrade, way: _Way, organization: Organization, *, is_trial: bool) -> None:
    began = time.perf_counter()
    schema = organization.schema_name
    with transaction.atomic(using="owner"):
        limit_waiting()
        carry_out(way.plan, organization)
        if is_trial and way.after and structures([schema])[schema] != way.after:
            raise StructureDiffers(OTHERWISE)
        UpgradeLine.objects.using("owner").create(
            upgrade=run,
            organization_id=organization.pk,
            slug=organization.slug,
            before=organization.fingerprint,
            outcome=Outcome.DONE,
            milliseconds=round(1000 * (time.perf_counter() - began)),
        )


def _write_failures(
    run: Upgrade, organizations: Iterable[Organization], reasons: dict[str, str], outcome: Outcome
) -> None:
    UpgradeLine.objects.using("owner").bulk_create(
        UpgradeLine(
            upgrade=run,
            organization_id=one.pk,
            slug=one.slug,
            before=one.fingerprint,
            outcome=outcome,
            reason=reasons[one.slug][:500],
        )
        for one in organizations
    )


def _note(report: UpgradeReport, outcomes: dict[str, str] | dict[str, str | None]) -> None:
    for slug, reason in outcomes.items():
        if reason is None:
            report.upgraded.append(slug)
        else:
            report.failed[slug] = reason


def _behind(fingerprint: str, report: UpgradeReport) -> dict[str, list[Organization]]:
    organizations = {one.schema_name: one for one in _living()}
    groups: dict[str, list[Organization]] = defaultdict(list)
    for schema, digest in schemas.fingerprints(organizations).items():
        if digest == fingerprint:
            report.current += 1
        else:
            groups[digest].append(organizations[schema])
    # A schema restored beside its row, or changed by hand, may be ahead of what the row says of it.
    current = set(organizations) - {one.schema_name for group in groups.values() for one in group}
    stale = Organization.with_copies.using("owner").exclude(fingerprint=fingerprint)
    stale.filter(schema_name__any_of=current).update(fingerprint=fingerprint)
    return groups


def _kept_structure(fingerprint: str) -> str:
    kept = TemplateScript.objects.using("owner").filter(fingerprint=fingerprint, structure__startswith=FORM)
    return kept.values_list("structure", flat=True).first() or ""


def _living() -> Iterator[Organization]:
    yield from Organization.with_copies.using("owner").exclude(status="archived").order_by("number")
