"""Texts of consents: the organization's present edition of each kind, kept once."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from django.db import connection

from shared.kernel.data import read_yaml
from shared.organizations.models import Organization
from tenants.consents.models import ConsentTerms

_FILE: Final = Path(__file__).parent / "data/terms.yaml"


@dataclass(frozen=True, slots=True)
class TypicalTerms:
    """The typical text of a kind; ``term`` says in words how long it holds."""

    purposes: str
    data: str
    actions: str
    term: str


@cache
def typical_terms() -> dict[str, TypicalTerms]:
    raw: dict[str, Any] = read_yaml(_FILE)  # Any: what YAML holds
    return {kind: TypicalTerms(**text) for kind, text in raw.items()}


def operator_text(organization: Organization) -> str:
    """The operator as the consent names him: name, ИНН, address."""
    inn = f"ИНН {organization.inn}" if organization.inn else ""
    return ", ".join(filter(None, [organization.full_name, inn, organization.address]))


def text_of_today(kind: str) -> ConsentTerms:
    """The edition of today as a form prints it; not saved."""
    organization = Organization.with_copies.get(schema_name=connection.schema_name)  # type: ignore[attr-defined]
    text = typical_terms()[kind]
    parts = [kind, operator_text(organization), text.purposes, text.data, text.actions]
    digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()
    facts = dict(zip(("kind", "operator", "purposes", "data", "actions"), parts, strict=True))
    return ConsentTerms(digest=digest, **facts)


def terms_in_force(kind: str) -> ConsentTerms:
    """The edition a consent of today is given to; kept when it is first needed."""
    edition = text_of_today(kind)
    known = ConsentTerms.objects.filter(digest=edition.digest).first()
    if known is None:
        edition.save(force_insert=True)
    return known or edition
