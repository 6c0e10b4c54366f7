"""Directories of the hierarchy: regions, municipalities and the authorities above organizations."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from django.db import transaction

from shared.organizations.models import AuthorityBody, AuthorityKind, Municipality, Region
from shared.tenancy.schemas import create_authority_role

KRASNODAR = "03"
DATA = Path(__file__).parent / "data" / "municipalities.csv"


def load_directories(path: Path = DATA) -> None:
    """Regions and municipalities of the register file, an education office for each, bodies of culture and sport.

    Safe to run again.

    Names of the offices follow one pattern (general knowledge) and may be edited later: an existing one is kept.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    with transaction.atomic(using="owner"):
        regions = {row["oktmo"][:2]: Region(code=row["oktmo"][:2], name=row["region"]) for row in rows}
        Region.objects.using("owner").bulk_create(regions.values(), ignore_conflicts=True)
        Municipality.objects.using("owner").bulk_create(
            (
                Municipality(
                    oktmo=row["oktmo"],
                    region_id=row["oktmo"][:2],
                    name=row["name"],
                    kind=row["type"],
                    center=row["admin_center"],
                )
                for row in rows
            ),
            update_conflicts=True,
            unique_fields=["oktmo"],
            update_fields=["name", "kind", "center"],
        )
        known = set(AuthorityBody.objects.using("owner").values_list("code", flat=True))
        offices = [
            *map(_ministry, regions.values()),
            *(body for region in regions.values() for body in _other_branches(region)),
            *map(_office, Municipality.objects.using("owner").all()),
        ]
        for office in offices:
            if office.code not in known:
                office.save(using="owner", force_insert=True)
                give_role(office)


def give_role(authority: AuthorityBody) -> None:
    """Database role of an authority: a territory for an education office, founded organizations for any other body."""
    is_ministry = authority.kind == AuthorityKind.EDUCATION_MINISTRY
    by_founder = not is_ministry and authority.municipality_id is None
    create_authority_role(
        authority.pk,
        municipality_oktmo=authority.municipality_id,
        region_code=authority.region_id if is_ministry else None,
        founder_id=authority.pk if by_founder else None,
    )


def _ministry(region: Region) -> AuthorityBody:
    return AuthorityBody(
        code=f"ministry-{region.code}",
        name=f"Министерство образования: {region.name}",
        kind=AuthorityKind.EDUCATION_MINISTRY,
        region_id=region.code,
    )


def _other_branches(region: Region) -> Iterator[AuthorityBody]:
    """Culture and sport in every region; the Cossack department where the source names it. Source: KK П 1.1."""
    bodies = [
        ("culture", "Министерство культуры", AuthorityKind.CULTURE_MINISTRY),
        ("sport", "Министерство физической культуры и спорта", AuthorityKind.SPORT_MINISTRY),
    ]
    if region.code == KRASNODAR:
        bodies.append(
            ("cossack", "Департамент по делам казачества и военным вопросам", AuthorityKind.COSSACK_DEPARTMENT)
        )
    for code, name, kind in bodies:
        yield AuthorityBody(
            code=f"{code}-{region.code}", name=f"{name}: {region.name}", kind=kind, region_id=region.code
        )


def _office(municipality: Municipality) -> AuthorityBody:
    return AuthorityBody(
        code=f"office-{municipality.oktmo}",
        name=f"Управление образования: {municipality.name}",
        kind=AuthorityKind.MUNICIPAL_EDUCATION,
        region_id=municipality.region_id,
        municipality_id=municipality.oktmo,
    )
