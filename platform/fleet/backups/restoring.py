"""The ways back from a backup: over the live organization, beside it as a copy, or into a new organization.

Each is one transaction on ``owner``: whoever is killed in it leaves everything as it was. Source: INTERFACES 3.
"""

from __future__ import annotations

import logging
import time
import uuid
from dataclasses import dataclass

from django.db.models import F

from fleet.backups import public_rows, steps
from fleet.backups.errors import BackupOfAnother, ConfirmationMissing
from fleet.backups.loading import load, make_schema
from fleet.backups.placing import check_address, facts_for, found
from fleet.backups.reading import Package
from fleet.provisioning import regrant_oversight
from shared.access.workspaces import forget_workspaces
from shared.kernel.ids import new_id
from shared.organizations.grants import CARD_COLUMNS
from shared.organizations.models import Organization
from shared.tenancy import scopes
from shared.tenancy.gate import HeldByBreak
from tenants.handup.projector import settle
from tenants.quality.handing_up import hand_up_quality
from tenants.security.state import hand_up_state

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore has made, or would make; ``kind`` is ``live``, ``copy`` or ``new``."""

    slug: str
    kind: str
    seconds: float


def restore_over(package: Package, slug: str, *, confirm: str | None, by: str, dry_run: bool = False) -> Restored:
    """Put an organization back to the moment of its backup; one that is not here any more comes back.

    Accounts, appointments, rights and the place in the hierarchy stay as they are today. The chain of its log goes on
    from where it stood then; what is cut off is told by a record in it and in the public log.
    Raises: BackupOfAnother, ConfirmationMissing, OrganizationBusy, BackupTooNew, PlaceUnknown.
    """
    began = time.perf_counter()
    manifest = package.manifest
    own = public_rows.own_key(manifest.organization)
    live = Organization.with_copies.using("owner").filter(slug=slug).first()
    holder = live or Organization.with_copies.using("owner").filter(pk=own).first()
    if holder is not None and (holder.pk != own or holder.slug != slug):
        other = manifest.slug if holder.pk != own else holder.slug
        raise BackupOfAnother(name=package.name, other=other, slug=slug)
    if live is None:
        return _make(package, slug, key=own, kind="live", by=by, dry_run=dry_run)
    if confirm != slug and live.status != Organization.Status.ARCHIVED:
        raise ConfirmationMissing(name=live.short_name, slug=slug, taken_at=f"{manifest.moment:%d.%m.%Y %H:%M} UTC")
    if not dry_run:
        _replace(package, live, by=by)
    return Restored(slug, "live", time.perf_counter() - began)


def restore_beside(package: Package, slug: str, *, of: str, is_live: bool, by: str, dry_run: bool = False) -> Restored:
    """A copy with a host of its own, or — ``is_live`` — a new organization whose rows have keys of their own.

    ``of`` is the organization the file must be of. Raises: BackupOfAnother, AddressInvalid, AddressTaken, PlaceUnknown,
    BackupTooNew.
    """
    renamed = Organization.with_copies.using("owner").filter(pk=public_rows.own_key(package.manifest.organization))
    if of != package.manifest.slug and not renamed.filter(slug=of).exists():
        raise BackupOfAnother(name=package.name, other=package.manifest.slug, slug=of)
    return _make(package, slug, key=new_id(), kind="new" if is_live else "copy", by=by, dry_run=dry_run)


def _replace(package: Package, live: Organization, *, by: str) -> None:
    manifest, schema = package.manifest, live.schema_name
    with scopes.enter(scopes.IDENTITY.by(by), using="owner"):
        records = steps.set_aside(live)
        make_schema(schema, package)
        load(schema, package, keeps_seals=True)
        steps.return_chain(schema, manifest)
        kept = manifest.chain.last_no if manifest.chain else 0
        steps.note(live, package, "restored", {"records_before": records, "records_kept": kept})
        public_rows.return_rows(package.public, live)
        facts = facts_for(manifest, of=live.pk, is_copy=False)
        Organization.objects.using("owner").filter(pk=live.pk).update(
            **{name: facts[name] for name in CARD_COLUMNS},
            fingerprint=manifest.fingerprint,
            status=Organization.Status.ACTIVE if live.status == Organization.Status.ARCHIVED else live.status,
            version=F("version") + 1,
        )
        live.refresh_from_db(using="owner")
        steps.open_registry(live)
        regrant_oversight(live)
        steps.upgrade(live)
        steps.drop_replaced(live)
    _tell(live, by=by)


def _make(package: Package, slug: str, *, key: uuid.UUID, kind: str, by: str, dry_run: bool) -> Restored:
    """An organization that was not here: a copy, a new one, or one that comes back under its own key."""
    began = time.perf_counter()
    if dry_run:
        check_address(slug)
        return Restored(slug, kind, time.perf_counter() - began)
    manifest = package.manifest
    with scopes.enter(scopes.IDENTITY.by(by), using="owner"):
        copied_at = manifest.moment if kind == "copy" else None
        organization = found(manifest, slug=slug, key=key, copied_at=copied_at)
        make_schema(organization.schema_name, package)
        load(organization.schema_name, package, own_keys_of=key if kind == "new" else None)
        steps.bind_card(organization)
        source = manifest.chain.last_no if manifest.chain else 0
        steps.note(organization, package, "copied" if kind == "copy" else "restored", {"records_of_source": source})
        steps.seal(organization)
        if kind == "live":
            public_rows.bring_all(package.public)
        else:
            public_rows.bring_settings(package.public, organization)
        if kind == "copy":
            steps.take_no_orders(organization)
        else:
            steps.open_registry(organization)
            regrant_oversight(organization)
        steps.upgrade(organization)
    forget_workspaces()
    if kind != "copy":
        _tell(organization, by=by)
    return Restored(slug, kind, time.perf_counter() - began)


def _tell(organization: Organization, *, by: str) -> None:
    """The registry has caught up and the figures are those of the rows that came back when this returns.

    During a maintenance break they follow after it: the registry by the worker, the figures with its daily count.
    """
    forget_workspaces()
    try:
        settle(organization)
        with scopes.enter(scopes.of_organization(organization.schema_name).by(by)):
            hand_up_quality()
            hand_up_state()
    except HeldByBreak:
        logger.warning("restored during a maintenance break", extra={"schema": organization.schema_name})
    logger.info("organization restored", extra={"schema": organization.schema_name})
