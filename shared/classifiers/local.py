"""The classifiers as one organization sees them: the common ones and its own values. Source: REGION 5, R-207."""

from __future__ import annotations

import uuid
from typing import Final

from shared.classifiers.books import books
from shared.classifiers.catalog import Catalog, Classifier, load_catalog
from shared.classifiers.models import ClassifierValue
from shared.tenancy import names
from shared.tenancy.connection import tenant_connection

_KEPT: Final = "classifiers"


def catalog_of(organization_id: uuid.UUID) -> Catalog:
    """The catalog of the organization, by one query inside its own scope.

    Nothing is kept between calls: row security gives the organization its own rows, and no cache could mix them up.
    """
    return load_catalog().overlaid(ClassifierValue.objects.own(organization_id))


def classifier_here(name: str) -> Classifier:
    """A classifier as the work of this moment reads it: inside an organization's scope with its own values.

    Costs one query a scope, and none where the classifier takes no local values or outside organizations. Another
    organization's values are in no answer: they resolve to nothing and are refused.
    """
    return _catalog_here()[name] if books()[name].allows_local else load_catalog()[name]


def forget_own() -> None:
    """This transaction has changed values of its organization."""
    tenant_connection().kept.pop(_KEPT, None)


def _catalog_here() -> Catalog:
    connection = tenant_connection()
    scope = connection.scope
    if not names.is_organization_schema(scope.schema) or scope.role != names.role(scope.schema):
        return load_catalog()  # oversight, projection and commands read no local values
    found: Catalog | None = connection.kept.get(_KEPT)
    if found is None or found.edition != load_catalog().edition:
        own = ClassifierValue.objects.filter(organization__schema_name=scope.schema)
        found = connection.kept[_KEPT] = load_catalog().overlaid(own)
    return found
