"""Checking an organizations file and connecting what it lists. Source: INTERFACES 4."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from django.conf import settings
from django.db import DataError, IntegrityError, connections, transaction
from django.utils import timezone

from fleet.agreements import note_of_missing
from fleet.onboarding.credentials import Credentials, CredentialsSheet, credentials_path, read_credentials
from fleet.onboarding.directory import Directory, KnownOrganization, MunicipalityFacts, Territory, name_identity
from fleet.onboarding.passwords import HashedPassword, PasswordsAhead, passwords_ahead
from fleet.onboarding.preview import Preview, check_table, find_known, take_address
from fleet.onboarding.rows import OrganizationRow, Outcome
from fleet.provisioning import NewOrganization, current_script, lock_provisioning, provision
from shared.access.roles import Role
from shared.access.services import create_account, give_role
from shared.access.workspaces import RESERVED_SLUGS
from shared.accounts.models import Account, CredentialIssue
from shared.accounts.passwords import POLICY
from shared.imports.rejected import ORGANIZATIONS, RejectedRow, rejected_path, write_rejected
from shared.imports.tables import Table
from shared.organizations.models import (
    OTHER_BRANCHES,
    AuthorityBody,
    Domain,
    Municipality,
    Organization,
    Region,
    Subordination,
)
from shared.tenancy.gate import pass_gate

logger = logging.getLogger(__name__)
ADMINISTRATOR = "Администратор"
CONNECTING = "Подключение организации"
RECONNECT_EVERY = 25  # the server's process keeps tables and plans of every schema it made, and searches them all
_FACTS = ("full_name", "short_name", "inn", "kpp", "ogrn", "address", "phone", "email", "website", "urban_rural")


@dataclass
class RunReport:
    """What a run did."""

    rows: int = 0
    connected: list[str] = field(default_factory=list)
    already: list[str] = field(default_factory=list)
    refused: list[OrganizationRow] = field(default_factory=list)
    credentials: Path | None = None
    rejected: Path | None = None

    @property
    def done(self) -> int:
        return len(self.connected) + len(self.already) + len(self.refused)


Progress = Callable[[RunReport, OrganizationRow], None]


def check(table: Table, *, using: str = "default") -> Preview:
    """What a run of this file would do; reads organizations, writes nothing.

    Raises: ColumnsMissing.
    """
    preview = check_table(table, load_directory(using=using), RESERVED_SLUGS)
    places = [row.territory.oktmo for row in preview.with_outcome(Outcome.NEW) if row.territory]
    note = note_of_missing([oktmo for oktmo in places if oktmo], using=using)
    return replace(preview, notes=[*preview.notes, note]) if note else preview


def load_directory(*, using: str = "default") -> Directory:
    """Territories and connected organizations as they are now, in five queries."""
    municipalities = Municipality.objects.using(using).values_list("oktmo", "region_id", "name", "center")
    directory = Directory(
        regions=dict(Region.objects.using(using).values_list("code", "name")),
        municipalities={row[0]: MunicipalityFacts(*row) for row in municipalities},
        default_region=settings.REGION,
        founders=dict(
            AuthorityBody.objects.using(using).filter(kind__in=OTHER_BRANCHES).values_list("code", "region_id")
        ),
    )
    _learn(directory, using=using)
    return directory


def _learn(directory: Directory, *, using: str) -> None:
    """Add the organizations connected since the last look: running numbers only grow, under the provisioning lock."""
    fields = ("number", "slug", "full_name", "ogrn", "kpp", "region_id", "municipality_id")
    newer = Organization.objects.using(using).filter(number__gt=directory.last_number).order_by("number")
    for number, slug, full_name, ogrn, kpp, region, oktmo in newer.values_list(*fields):
        directory.add(KnownOrganization(slug, full_name, ogrn, kpp, Territory(region, oktmo or "")))
        directory.last_number = number
    _learn_former(directory, using=using)
    copies = Organization.with_copies.using(using).exclude(copied_at=None)
    directory.taken = set(copies.values_list("slug", flat=True))


def _learn_former(directory: Directory, *, using: str) -> None:
    """A file written before an organization got another address or municipality still means the same organization."""
    former = Domain.objects.using(using).filter(is_primary=False, tenant__copied_at=None)
    for host, slug in former.values_list("domain", "tenant__slug"):
        if slug in directory.by_slug:
            directory.by_slug.setdefault(host.partition(".")[0], directory.by_slug[slug])
    changes = Subordination.objects.using(using).in_force()
    for slug, oktmo in changes.values_list("organization__slug", "was_municipality_id"):
        known = directory.by_slug.get(slug)
        if known is not None:
            territory = Territory(known.territory.region_code, oktmo or "")
            directory.by_identity.setdefault(name_identity(territory, known.full_name), known)


def run(
    preview: Preview,
    *,
    source_name: str,
    output_dir: Path,
    progress: Progress = lambda report, row: None,
) -> RunReport:
    """Connect the new organizations of a checked file, each in its own transaction on ``owner``.

    May be interrupted at any moment and run again: what exists is «уже подключена», what does not is created, and
    every organization that exists has its line in ``FILE.credentials.csv``. A run that writes the same sheet is waited
    for. Takes 0.3–0.4 s per organization. Raises: TemplateMissing.
    """
    current_script()
    output_dir.mkdir(parents=True, exist_ok=True)
    report = RunReport(rows=len(preview.rows))
    directory = load_directory(using="owner")
    path = credentials_path(source_name, output_dir)
    with CredentialsSheet(path).held() as sheet, passwords_ahead() as passwords:
        _drop_orphans(sheet)
        for row in preview.rows:
            if row.outcome == Outcome.NEW and _connect(row, directory, sheet, passwords):
                report.connected.append(row.slug)
                if len(report.connected) % RECONNECT_EVERY == 0:
                    connections["owner"].close()
            elif row.outcome == Outcome.REFUSED:
                report.refused.append(row)
            else:
                report.already.append((row.same_as or row).slug)
            progress(report, row)
        _drop_orphans(sheet)
    report.credentials = path if path.exists() else None
    report.rejected = write_refusals(preview, source_name=source_name, output_dir=output_dir)
    return report


def write_refusals(preview: Preview, *, source_name: str, output_dir: Path) -> Path | None:
    """``FILE.rejected.csv``, or None when nothing is refused (an older file is removed)."""
    path = rejected_path(Path(source_name), output_dir)
    refused = (
        RejectedRow(row.cells, row.number, row.fields, row.reason) for row in preview.with_outcome(Outcome.REFUSED)
    )
    return path if write_rejected(path, preview.table.headers, refused, ORGANIZATIONS) else None


def _connect(row: OrganizationRow, directory: Directory, sheet: CredentialsSheet, passwords: PasswordsAhead) -> bool:
    """Create the organization of a row; False when another run has just done so or the database refused it.

    A database that is away stops the run; a row that it will not take does not stop the rest.
    """
    try:
        with transaction.atomic(using="owner"):
            pass_gate(using="owner")
            lock_provisioning()
            _learn(directory, using="owner")
            known = find_known(row, directory)
            if known is not None:
                row.outcome, row.slug = Outcome.KNOWN, known.slug
                return False
            take_address(row, directory)
            organization = provision(_new_organization(row))
            sheet.append(_first_administrator(organization, passwords.take()))
    except (IntegrityError, DataError):
        logger.exception("organization not connected", extra={"row": row.number})
        row.refuse("", "Организация не создана: база данных отклонила строку. Сообщите об этом администратору системы.")
        return False
    logger.info("organization connected", extra={"schema": organization.schema_name})
    return True


def _new_organization(row: OrganizationRow) -> NewOrganization:
    if row.territory is None:
        raise ValueError("a refused row is never connected")
    known = Municipality.objects.using("owner")
    return NewOrganization(
        slug=row.slug,
        org_type=row.values["type"],
        region=Region.objects.using("owner").get(pk=row.territory.region_code),
        municipality=known.get(pk=row.territory.oktmo) if row.territory.oktmo else None,
        founder=AuthorityBody.objects.using("owner").filter(code=row.values["founder"]).first(),
        **{name: row.values[name] for name in _FACTS},
    )


def _first_administrator(organization: Organization, one_time: HashedPassword) -> Credentials:
    """An account that may administer this organization, with a one-time password."""
    account = create_account(
        login=_free_login(f"admin-{organization.slug}"),
        password=one_time.password,
        encoded=one_time.encoded,
        last_name=ADMINISTRATOR,
        using="owner",
    )
    give_role(
        account=account,
        role=Role.ORG_ADMIN,
        organization_id=organization.pk,
        valid_from=timezone.localdate(),
        using="owner",
    )
    CredentialIssue.objects.using("owner").create(
        organization=organization, account=account, issued_by=CONNECTING, valid_until=POLICY.one_time_until
    )
    host = f"{organization.slug}.{settings.BASE_DOMAIN}"
    return Credentials(organization.slug, host, account.login, one_time.password)


def _free_login(wanted: str) -> str:
    taken = set(Account.objects.using("owner").filter(login__startswith=wanted).values_list("login", flat=True))
    login, number = wanted, 2
    while login in taken:
        login, number = f"{wanted}-{number}", number + 1
    return login


def _drop_orphans(sheet: CredentialsSheet) -> None:
    """Drop lines whose organization never came to be.

    The lock waits for a provisioning whose process was killed while its commit was under way. An organization that got
    another address since is known by its administrator, who was created with it.
    """
    with transaction.atomic(using="owner"):
        lock_provisioning()
        lines = read_credentials(sheet.path)
        logins = Account.objects.using("owner").filter(login__in=[line.login for line in lines])
        created = set(logins.values_list("login", flat=True))
        existing = set(Organization.objects.using("owner").values_list("slug", flat=True))
        existing |= {line.slug for line in lines if line.login in created}
        sheet.keep_only(existing.__contains__)
