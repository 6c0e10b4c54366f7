"""Whose place a reader of the classifiers works in, and what he may keep there."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest

from shared.access.requests import actor_of
from shared.classifiers.books import Book
from shared.classifiers.catalog import Catalog, load_catalog
from shared.classifiers.local import catalog_of
from shared.classifiers.models import ClassifierValue
from shared.classifiers.services import Keeper
from shared.organizations.models import AuthorityBody, AuthorityKind


@dataclass(frozen=True, slots=True)
class Place:
    """The workplace; ``keeper`` is None where classifiers are only read."""

    organization_id: uuid.UUID | None
    keeper: Keeper | None

    @property
    def catalog(self) -> Catalog:
        """The classifiers as this place sees them; an organization's own values cost one query."""
        return catalog_of(self.organization_id) if self.organization_id else load_catalog()

    def may_add_to(self, book: Book) -> bool:
        return self.keeper is not None and self.keeper.may_add_to(book)

    def keeps(self, value: ClassifierValue) -> bool:
        """Whether the person changes this row: the region common values, an organization its own."""
        return self.keeper is not None and value.organization_id == self.organization_id


def place_of(request: HttpRequest) -> Place:
    """The place of a request, with the right to keep where it is held."""
    actor, organization = actor_of(request), request.workspace.organization  # type: ignore[attr-defined]
    key = organization.id if organization else None
    if not actor.may("classifiers.edit"):
        return Place(key, None)
    if organization is not None:
        return Place(key, Keeper(actor.signature, organization_id=key))
    return Place(None, _ministry(actor.signature, actor.authority_id) if actor.authority_id else None)


def _ministry(signature: str, authority_id: int) -> Keeper | None:
    """Only the ministry of education of the installation's region speaks for the region."""
    offices = AuthorityBody.objects.filter(pk=authority_id, kind=AuthorityKind.EDUCATION_MINISTRY)
    if settings.REGION:
        offices = offices.filter(region=settings.REGION)
    return Keeper(signature, authority_id=authority_id) if offices.exists() else None
