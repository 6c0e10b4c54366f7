"""In whose name, and in which schema, a transaction runs.

A scope is entered once per transaction; scopes never nest. Outside every scope the connection is the login ``app`` in
the public schema, which owns nothing and sees no organization's table. Source: ARCHITECTURE 3.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from django.db import transaction

from shared.tenancy import names
from shared.tenancy.connection import tenant_connection


class NestedScope(RuntimeError):
    """A scope was opened inside another one; one transaction serves one organization."""


@dataclass(frozen=True)
class Scope:
    """Role and schema of one transaction, with what the audit needs to know about it."""

    role: str | None
    schema: str = names.PUBLIC
    read_only: bool = False
    actor: str = ""
    request_id: str = ""
    actor_name: str = ""
    reason: str = ""
    is_exempt: bool = False

    def reading(self) -> Scope:
        return replace(self, read_only=True)

    def exempt(self) -> Scope:
        """The same scope, which a maintenance break does not hold: signing in, logs, the operator's own. R-279."""
        return replace(self, is_exempt=True)

    def by(self, actor: str, request_id: str = "", actor_name: str = "") -> Scope:
        """The same scope with the actor, his signature of today and the request that history and audit will name."""
        return replace(self, actor=actor, request_id=request_id, actor_name=actor_name)


IDENTITY = Scope(role=None)


def of_organization(schema: str) -> Scope:
    """The workspace of one organization: its own tables plus what public grants it."""
    if not names.is_organization_schema(schema):
        raise ValueError(f"not an organization's schema: {schema!r}")
    return Scope(role=names.role(schema), schema=schema)


def of_authority(number: int) -> Scope:
    """The workspace of an authority: public tables, narrowed by row security to its own organizations."""
    return Scope(role=names.authority_role(number))


def of_oversight(number: int, schema: str) -> Scope:
    """An authority looking into one subordinate organization: only the ``oversight_*`` views, only reading."""
    return Scope(role=names.authority_role(number), schema=of_organization(schema).schema, read_only=True)


def of_projector(schema: str = names.PUBLIC) -> Scope:
    """The projector: reads an organization's current state, writes the registry."""
    return Scope(role=names.role(names.PROJECTOR), schema=schema)


def of_accounts() -> Scope:
    """Account management: accounts, grants and sessions, no organization's table."""
    return Scope(role=names.role(names.ACCOUNTS))


def of_operator() -> Scope:
    """The operator's console: organizations and onboarding, no personal data. It works during a maintenance break."""
    return Scope(role=names.role(names.OPERATOR), is_exempt=True)


@contextmanager
def enter(scope: Scope, *, using: str = "default") -> Iterator[None]:
    """One transaction in ``scope``; committed if the block returns normally.

    Raises: NestedScope.
    """
    connection = tenant_connection(using)
    if connection.scope != IDENTITY:
        raise NestedScope(f"{connection.scope} is open, {scope} was asked for")
    try:
        with transaction.atomic(using=using):
            # Inside: stated before a savepoint of an outer transaction, READ ONLY would outlive the rollback to it.
            connection.set_scope(scope)
            yield
            if scope.read_only:
                # Nothing to keep: rolling back also ends READ ONLY where this is a savepoint of an outer transaction.
                transaction.set_rollback(True, using=using)
    finally:
        connection.set_scope(IDENTITY)
        connection.retire_when_full()


def give_reason(text: str, *, using: str = "default") -> None:
    """Why the following changes of this transaction are made; row history records it beside each of them."""
    connection = tenant_connection(using)
    connection.set_scope(replace(connection.scope, reason=text))
