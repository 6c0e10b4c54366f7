"""Writes a plan: rows by COPY, changed values by one UPDATE a table. Every table is named by its model."""

from __future__ import annotations

import datetime
import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from django.db import connection
from django.db.models import JSONField, Model
from django.utils import timezone
from psycopg import sql
from psycopg.types.json import Jsonb

from tenants.consents.models import Consent
from tenants.consents.terms import terms_in_force
from tenants.groups.models import Group
from tenants.intake.models import SealedDraft
from tenants.intake.plan import Plan
from tenants.orders.models import Enrollment, Order, OrderRow, Placement
from tenants.people.models import Guardian, GuardianLink, Student

# Each table after those it refers to.
TABLES: Final[tuple[type[Model], ...]] = (
    *(Group, Student, Guardian, GuardianLink, Consent, Order, Enrollment, Placement, OrderRow, SealedDraft),
)
BY_LABEL: Final = {model._meta.label: model for model in TABLES}


def take_turn() -> None:
    """Wait until no other import of this organization is being written."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext('tenants.intake'), hashtext(current_schema()))")


def write(plan: Plan, *, made_by: str) -> None:
    """Carry out a plan in the caller's transaction. Raises: IntegrityError when somebody else was quicker."""
    _sign(plan, made_by)
    # Within a table changes come first: places close before others open, a class ends before the next begins.
    for model in TABLES:
        update_rows(model, plan.restored[model].values())
        update_changed(model, {key: change.new for key, change in plan.changed[model].items()})
        copy_rows(model, list(plan.created[model].values()))


def _sign(plan: Plan, made_by: str) -> None:
    """Who entered what, and when: the same for every row of an import."""
    now = timezone.now()
    for record in plan.created[Student].values():
        record.update(created_at=now, updated_at=now)
    for record in plan.restored[Student].values():
        record.update(updated_at=now)
    _sign_consents(plan, made_by, now)
    for record in plan.created[Order].values():
        record.update(status="signed", is_on_paper=True, drafted_by=made_by, drafted_at=now, signed_by=made_by)
        record.update(basis="", annulled_by="", annulled_on=None, annulled_reason="")


def _sign_consents(plan: Plan, made_by: str, now: datetime.datetime) -> None:
    """Papers of a file have no numbers; all of a kind are given to the organization's present text."""
    records = plan.created[Consent].values()
    terms = {kind: terms_in_force(kind).pk for kind in {record["kind"] for record in records}}
    for record in records:
        record.update(terms_id=terms[record["kind"]], signer="", number="", is_current=True, withdrawn_on=None)
        record.update(withdrawal_reason="", withdrawn_by="", recorded_by=made_by, recorded_at=now)


def copy_rows(model: type[Model], records: Sequence[Mapping[str, Any]]) -> None:
    """Insert records of equal columns."""
    if not records:
        return
    columns = list(records[0])
    json_columns = {column for column in columns if isinstance(model._meta.get_field(column), JSONField)}
    statement = sql.SQL("copy {} ({}) from stdin").format(
        sql.Identifier(model._meta.db_table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    # Django wraps the faults of ``execute`` only; a broken constraint must look the same here.
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(statement) as copy:
        for record in records:
            copy.write_row(
                [
                    Jsonb(value) if column in json_columns and value is not None else value
                    for column, value in record.items()
                ]
            )


def update_rows(model: type[Model], records: Iterable[Mapping[str, Any]]) -> None:
    """Give the rows of these keys the values of the records; all records have equal columns."""
    records = list(records)
    if not records:
        return
    columns = [column for column in records[0] if column != "id"]
    names = list(map(sql.Identifier, columns))
    statement = sql.SQL(
        "update {table} t set {values} from jsonb_to_recordset(%s::jsonb) as v(id uuid, {types}) where t.id = v.id"
    ).format(
        table=sql.Identifier(model._meta.db_table),
        values=sql.SQL(", ").join(sql.SQL("{0} = v.{0}").format(name) for name in names),
        types=sql.SQL(", ").join(
            sql.SQL("{} {}").format(name, sql.SQL(_type(model, column)))
            for name, column in zip(names, columns, strict=True)
        ),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [json.dumps(records, default=_plain)])


def update_changed(model: type[Model], changes: Mapping[uuid.UUID, Mapping[str, Any]]) -> None:
    """Like ``update_rows`` for records whose columns differ: one UPDATE for each set of columns."""
    by_columns: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for key, values in changes.items():
        columns = tuple(sorted(values))
        by_columns.setdefault(columns, []).append({"id": key, **{column: values[column] for column in columns}})
    for records in by_columns.values():
        update_rows(model, records)


def plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as JSON keeps them."""
    return json.loads(json.dumps(values, default=_plain))


def _plain(value: object) -> str:
    if isinstance(value, uuid.UUID | datetime.date):
        return str(value)
    raise TypeError(type(value).__name__)


def _type(model: type[Model], column: str) -> Any:
    """The column's type as our own migration wrote it; never a text from outside."""
    return model._meta.get_field(column).db_type(connection)
