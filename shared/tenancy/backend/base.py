"""Database backend: django-tenants' routing with a transaction-local role and schema.

Source: TENANCY 5; the stock session-level ``SET search_path`` read another tenant's rows behind PgBouncer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
from django.conf import settings
from django.db import InternalError
from django.db.backends.postgresql.base import Cursor
from django_tenants.postgresql_backend import base as stock
from psycopg import sql

from shared.tenancy import gate
from shared.tenancy.names import PUBLIC, TEMPLATE, is_organization_schema
from shared.tenancy.scopes import IDENTITY, Scope

SCHEMAS_PER_CONNECTION = 200
"""So many organizations one server process works for: it keeps about 0.6 MB of each, until it ends (TENANCY 3)."""

_touched: WeakKeyDictionary[psycopg.Connection[Any], set[str]] = WeakKeyDictionary()
_pools: dict[int, dict[str, Any]] = {}  # lane → alias → Django's pool


class TenantOutsideTransaction(RuntimeError):
    """A statement was sent in an organization's scope without a transaction."""


class ExtendedCursor(Cursor):
    """Sends every statement by the extended protocol, which refuses a second statement in one text.

    Django binds parameters on the client; without this a stacked ``; SET ROLE …`` would run. ``_execute_send`` is a
    private hook of psycopg: the version is pinned and the table of escape attempts is a test.
    """

    def _execute_send(self, query: Any, *, force_extended: bool = False, binary: bool | None = None) -> Any:
        return super()._execute_send(query, force_extended=True, binary=binary)  # type: ignore[misc]


class DatabaseWrapper(stock.DatabaseWrapper):
    """A connection that knows its scope and states it once per transaction.

    ``kept`` is what the work of a scope has read and asks no second time; it ends with the scope. ``held`` is the
    refusal of every write while a maintenance break holds the scope, ``refused`` whether one has met it. ``lane`` says,
    where connections are pooled, which pool they come from.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.scope: Scope = IDENTITY
        self.kept: dict[str, Any] = {}
        self.held: gate.HeldByBreak | None = None
        self.refused = False
        self.lane = 0
        self._has_asked = False
        self._applied: Scope | None = None
        self._connecting = False
        self._setting_search_path = False
        super().__init__(*args, **kwargs)

    def set_scope(self, scope: Scope) -> None:
        """Make ``scope`` the one of the next statements; it reaches the server with the first of them."""
        self.set_schema(scope.schema)
        if _place(scope) != _place(self.scope):
            self.kept.clear()
            self._leave_gate()
        self.scope = scope

    @property
    def _connection_pools(self) -> dict[str, Any]:
        """The place where Django looks for its pool: each lane has one of its own."""
        return _pools.setdefault(self.lane, {})

    def choose_lane(self, host: str) -> None:
        """Serve ``host`` by connections that serve the same hosts all the time.

        A server process reads the catalog of each table it meets for the first time, which takes longer than the query
        itself; with lanes it meets a part of the organizations instead of all. Source: TENANCY 3.
        """
        if self.connection is None:
            digest = hashlib.blake2b(host.encode(), digest_size=4).digest()
            self.lane = int.from_bytes(digest, "big") % self.settings_dict.get("LANES", 1)

    def close_pool(self) -> None:
        for pools in list(_pools.values()):
            if pool := pools.pop(self.alias, None):
                pool.close()

    def get_connection_params(self) -> dict[str, Any]:
        parameters = super().get_connection_params()
        if self.alias != "owner":  # Django's DDL has several statements in one text; no request reaches that login
            parameters["cursor_factory"] = ExtendedCursor
        return parameters

    def connect(self) -> None:
        # Django asks the server's version and time zone here, outside any transaction.
        self._connecting = True
        self._applied = None
        try:
            super().connect()
        finally:
            self._connecting = False

    def _handle_search_path(self, cursor: Any = None) -> None:
        if self._setting_search_path or self._connecting:
            return
        wanted = self._wanted()
        if not self.in_atomic_block:
            if wanted != IDENTITY:
                raise TenantOutsideTransaction(f"{wanted.schema} was asked for outside a transaction")
            return
        if self._applied == wanted or self.connection.info.transaction_status == psycopg.pq.TransactionStatus.INERROR:
            return
        if self._applied is None and wanted == IDENTITY:
            return
        self._setting_search_path = True
        try:
            # A plain client cursor without parameters uses the simple protocol: all settings travel as one message.
            cursor = psycopg.ClientCursor(self.connection).execute(self._message(wanted))
            self._applied = wanted
            _touched.setdefault(self.connection, set()).add(wanted.schema)
            if self._asks(wanted):
                self._pass_gate(cursor)
        finally:
            self._setting_search_path = False

    def _wanted(self) -> Scope:
        """The scope to state; the stock ``set_schema`` may have named a schema without a role (owner's commands)."""
        if self.schema_name == self.scope.schema:
            return self.scope
        return Scope(role=None, schema=str(self.schema_name))

    def _message(self, scope: Scope) -> sql.Composed:
        if not (scope.schema in (PUBLIC, TEMPLATE) or is_organization_schema(scope.schema)):
            raise ValueError(f"not a schema of this system: {scope.schema!r}")
        path = [scope.schema] if scope.schema == PUBLIC else [scope.schema, PUBLIC]
        parts: list[sql.Composable] = [
            sql.SQL("SET LOCAL search_path = {}").format(sql.SQL(", ").join(map(sql.Identifier, path)))
        ]
        if settings.TENANCY_ROLE_SWITCH and self.alias != "owner":
            target = sql.Identifier(scope.role) if scope.role else sql.SQL("NONE")
            parts.insert(0, sql.SQL("SET LOCAL ROLE {}").format(target))
        for name in ("actor", "actor_name", "request_id", "reason"):  # what row history writes beside a change
            setting = sql.Identifier("asuso", name)
            parts.append(sql.SQL("SET LOCAL {} = {}").format(setting, sql.Literal(getattr(scope, name))))
        if scope.read_only:
            parts.append(sql.SQL("SET TRANSACTION READ ONLY"))
        if self._asks(scope):
            parts.append(gate.question(scope.schema))
        return sql.SQL("; ").join(parts)

    def _asks(self, scope: Scope) -> bool:
        """Whether this message asks the gate: once for each scope that may write, never for the owner's commands.

        The bare identity keeps sessions and queues, which a break does not hold.
        """
        is_free = scope.read_only or scope.is_exempt or scope == IDENTITY or self.alias == "owner"
        return not (is_free or self._has_asked)

    def _pass_gate(self, cursor: psycopg.ClientCursor[Any]) -> None:
        """Remember the answer of the gate, which is the last result of the message."""
        self._has_asked = True
        while cursor.nextset():
            pass
        is_held, ends_at, expected_at = cursor.fetchone() or (False, None, None)
        if is_held:
            self.held = gate.refusal(ends_at, expected_at)
            self.execute_wrappers.insert(0, self._hold)  # Django takes temporary ones off the end

    def _hold(self, send: Callable[..., Any], statement: Any, params: Any, many: bool, context: Any) -> Any:
        """Refuse what the server would refuse, before it is sent; what slips through comes back as the same refusal."""
        if gate.is_writing(statement):
            self.refuse_if_held()
        if self.refused and self.connection.info.transaction_status == psycopg.pq.TransactionStatus.INTRANS:
            self.needs_rollback = False  # Django's mark after a fault; nothing was sent, and nothing can be written
        try:
            return send(statement, params, many, context)
        except InternalError as error:
            if isinstance(error.__cause__, psycopg.errors.ReadOnlySqlTransaction):
                self.refuse_if_held()
            raise

    def refuse_if_held(self) -> None:
        """For what writes past the cursor. Raises: HeldByBreak."""
        if self.held is not None:
            self.refused = True
            raise gate.HeldByBreak(**self.held.facts)

    def _leave_gate(self) -> None:
        if self.held is not None:
            self.execute_wrappers.remove(self._hold)
        self.held, self.refused, self._has_asked = None, False, False

    def _forget(self) -> None:
        self._applied = None
        self._leave_gate()

    def _commit(self) -> None:
        try:
            super()._commit()
        finally:
            self._forget()

    def _rollback(self) -> None:
        try:
            super()._rollback()
        finally:
            self._forget()

    def savepoint_rollback(self, sid: str) -> None:
        try:
            super().savepoint_rollback(sid)
        finally:
            # What was stated inside the savepoint is undone with it; state it again, identity included.
            self._applied = Scope(role="", schema="")

    def retire_when_full(self) -> None:
        """Let the server's process end when it has worked for enough organizations; the next statement has a new one.

        A closed connection is replaced by its pool. Behind PgBouncer the server's process is ended by
        ``server_lifetime``. Source: ARCHITECTURE 3.
        """
        has_enough = len(_touched.get(self.connection, ())) >= SCHEMAS_PER_CONNECTION if self.connection else False
        if has_enough and not self.in_atomic_block:
            self.connection.close()
            self.close()

    def close(self) -> None:
        self._forget()
        super().close()


def _place(scope: Scope) -> tuple[str | None, str, bool]:
    """What makes another scope of it: whose tables, in whose name, and whether a break holds it."""
    return scope.role, scope.schema, scope.is_exempt
