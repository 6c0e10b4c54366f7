"""Agreements of the ministry with the administrations whose organizations the demonstration connects."""

from __future__ import annotations

import csv
import datetime
from pathlib import Path
from typing import Final

from config.demo.people import ACTOR
from fleet.agreements import AgreementFacts, record_agreement
from shared.organizations.models import ConnectionAgreement, Municipality
from shared.tenancy import scopes

SIGNED_ON: Final = datetime.date(2026, 2, 2)


def create_agreements(organizations: Path) -> None:
    """One with every municipality of the file; those that have theirs are left alone."""
    with organizations.open(encoding="utf-8-sig", newline="") as file:
        places = {row["oktmo"] for row in csv.DictReader(file)}
    with scopes.enter(scopes.of_operator().by(ACTOR, "", ACTOR)):
        agreed = ConnectionAgreement.objects.values("municipality")
        waiting = Municipality.objects.filter(pk__in=places).exclude(pk__in=agreed).order_by("pk")
        for number, place in enumerate(waiting, start=1):
            facts = AgreementFacts(
                municipality=place,
                administration=f"Администрация МО {place.name}",
                number=f"{number}-С",
                signed_on=SIGNED_ON,
                valid_from=SIGNED_ON,
            )
            record_agreement(facts, by=ACTOR)
