"""The database's side of the ledger: which rows carry the marks of the client's writes."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterable

from shared.contingent.models import Outbox
from shared.organizations.models import Organization
from shared.tenancy import scopes
from tenants.handup.projector import reconcile
from tenants.orders.models import Enrollment
from tenants.people.models import Student
from tenants.staff.models import Diploma
from tests.load.ledger import Write
from tests.load.scenes import CARD_MARK, PAGE_MARK

Rows = Iterable[tuple[object, object]]  # mark and key
FINDERS: dict[str, Callable[[], Rows]] = {
    "card by API": lambda: Student.objects.filter(last_name__startswith=CARD_MARK).values_list("last_name", "pk"),
    "card by page": lambda: Student.objects.filter(last_name__startswith=PAGE_MARK).values_list("last_name", "pk"),
    "row by API": lambda: Diploma.objects.values_list("number", "pk"),
    "signing": lambda: Enrollment.objects.filter(order__number__endswith="-з").values_list("order_id", "pk"),
}


def found() -> dict[Write, list[str]]:
    """Every row that a scene of the load has written, in whatever organization it is."""
    rows: dict[Write, list[str]] = defaultdict(list)
    for organization in Organization.objects.using("owner").order_by("number"):
        with scopes.enter(scopes.of_organization(organization.schema_name).reading()):
            for kind, marked in FINDERS.items():
                for mark, key in marked():
                    rows[Write(kind, organization.slug, str(mark))].append(str(key))
    return dict(rows)


def wait_for_registry(seconds: float) -> float:
    """How long the worker took to hand up the rest; it alone does it, this process only looks. Raises: TimeoutError."""
    started = time.monotonic()
    while True:
        with scopes.enter(scopes.of_projector().reading()):
            waiting = Outbox.objects.count()
        if not waiting:
            return time.monotonic() - started
        if time.monotonic() - started > seconds:
            raise TimeoutError(f"{waiting} rows are still in the outbox")
        time.sleep(0.2)


def registry_differences() -> list[str]:
    """Organizations whose places are not in the registry exactly once."""
    everybody = Organization.objects.using("owner").order_by("number")
    return [organization.slug for organization in everybody if reconcile(organization)]
