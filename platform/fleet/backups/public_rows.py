"""Rows of the public schema that an organization cannot be brought back without.

The facts of its own row stand in the manifest. Beside them: its changes of the matrix of rights, its own values of
classifiers, which its tables name by code, and the tasks that waited when the backup was made. Accounts, appointments
and passwords are not in a backup; the registry, figures of quality and of protection are made again from its tables.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any, Final

from django.core import serializers
from django.db.models import Model

from shared.access.models import RightChange
from shared.classifiers.models import ClassifierValue
from shared.kernel.ids import new_id
from shared.messaging.models import TaskOutbox
from shared.organizations.models import Organization

FACTS: Final = (
    *("full_name", "short_name", "org_type", "region_id", "municipality_id", "inn", "kpp", "ogrn", "address", "phone"),
    *("email", "website", "urban_rural", "head_name", "head_position", "card_confirmed_on", "updated_at"),
)
NUMBERS: Final = ("inn", "kpp", "ogrn")
_SETTINGS: Final[tuple[type[Model], ...]] = (RightChange, ClassifierValue)


def facts_of(organization: Organization) -> dict[str, Any]:
    """The public row as the manifest keeps it; the founder by his code, for another installation."""
    facts = {name: getattr(organization, name) for name in FACTS}
    days = {name: facts[name].isoformat() for name in ("card_confirmed_on", "updated_at") if facts[name]}
    founder = organization.founder.code if organization.founder else ""
    return {**facts, **days, "id": str(organization.pk), "founder": founder}


def dump(organization: Organization) -> bytes:
    """The rows as Django's serializer writes them."""
    rows: list[Model] = []
    models: tuple[type[Model], ...] = (*_SETTINGS, TaskOutbox)
    for model in models:
        rows += model._default_manager.using("owner").filter(organization_id=organization.pk).order_by("pk")
    return serializers.serialize("json", rows, ensure_ascii=False).encode()


def bring_settings(text: bytes, organization: Organization) -> None:
    """Give a new organization, or a copy, the settings of the one that was backed up, under keys of their own."""
    for row in _read(text, _SETTINGS):
        row.pk = new_id()
        row.organization_id = organization.pk  # type: ignore[attr-defined]
        row.save_base(raw=True, using="owner", force_insert=True)


def return_rows(text: bytes, organization: Organization) -> None:
    """Over the live organization: the tasks of that moment, and own values of classifiers that are no more.

    Rights stay as they are today: who lost one since must not get it back.
    """
    TaskOutbox.objects.using("owner").filter(organization_id=organization.pk).delete()
    kept = ClassifierValue.objects.using("owner").filter(organization=organization)
    present = set(kept.values_list("classifier", "code"))
    for row in _read(text, (ClassifierValue, TaskOutbox)):
        if isinstance(row, ClassifierValue) and (row.classifier, row.code) in present:
            continue
        row.save_base(raw=True, using="owner", force_insert=True)


def bring_all(text: bytes) -> None:
    """Everything as it was: for an organization that this installation does not have."""
    for row in _read(text, (*_SETTINGS, TaskOutbox)):
        row.save_base(raw=True, using="owner", force_insert=True)


def own_key(facts: dict[str, Any]) -> uuid.UUID:
    return uuid.UUID(facts["id"])


def _read(text: bytes, models: tuple[type[Model], ...]) -> Iterable[Model]:
    """Saved raw, so that days and moments stay those of the backup."""
    for found in serializers.deserialize("json", text.decode(), ignorenonexistent=True, using="owner"):
        if isinstance(found.object, models):
            yield found.object
