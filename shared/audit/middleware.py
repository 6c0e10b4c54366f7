"""What a request did beside changing rows goes to the log before the answer leaves. Source: R-031, R-053, R-054."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from shared.access.actors import Actor, load_actor
from shared.access.requests import NotedAction
from shared.access.workspaces import OrganizationFacts
from shared.accounts.sessions import HostSession
from shared.audit.actions import FACTOR_PASSED, SIGN_IN_FAILED, SIGNED_IN, SIGNED_OUT
from shared.audit.notes import note_in_organization, note_in_public
from shared.audit.visits import count_visit, is_due
from shared.organizations.models import Organization
from shared.tenancy import scopes

ENTRANCE: Final = "entrance"  # pages of no room: signing in, one's own account


class ActionLogMiddleware:
    """Stands right inside ``WorkspaceMiddleware``: the view's work is committed, the answer is not sent yet.

    What the view has noted is written into the log of the organization whose data it was, and into the public log of
    an authority that looked into an organization. A record that cannot be written makes the answer a fault, so nobody
    sees a value whose showing left no trace.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        actor: Actor | None = request.actor  # type: ignore[attr-defined]
        if response.status_code < 500:
            _write_noted(request, actor)
        _write_entering(request, actor)
        if actor is not None and is_due(_session(request).seen_at):
            with scopes.enter(_in_public(request, actor)):
                count_visit(actor, _section(request))
        return response


def _write_noted(request: HttpRequest, actor: Actor | None) -> None:
    noted_actions: list[NotedAction] = request.noted_actions  # type: ignore[attr-defined]
    if not noted_actions:
        return
    facts = _standing_facts(actor)
    for place, noted in _by_organization(request, noted_actions):
        with scopes.enter(scopes.of_organization(_schema_of(place)).exempt().by(*_signed(request, actor))):
            for one in noted:
                note_in_organization(one, one.facts | facts | _from_above(actor))
    if _home(request) is not None:
        return
    with scopes.enter(_in_public(request, actor)):
        for one in noted_actions:
            looked_into = {"organization": str(one.organization.id)} if one.organization else {}
            authority = actor.authority_id if actor else None
            note_in_public(one, one.facts | facts | looked_into, organization_id=None, authority_id=authority)


def _by_organization(
    request: HttpRequest, noted: list[NotedAction]
) -> Iterator[tuple[OrganizationFacts | Organization, list[NotedAction]]]:
    """What belongs into the log of an organization: of the host's own, or of the one that was looked into."""
    found: dict[uuid.UUID, tuple[Any, list[NotedAction]]] = {}  # Any: both readings of an organization
    for one in noted:
        place = _home(request) or one.organization
        if place is not None:
            found.setdefault(place.id, (place, []))[1].append(one)
    yield from found.values()


def _home(request: HttpRequest) -> OrganizationFacts | None:
    return request.workspace.organization  # type: ignore[attr-defined,no-any-return]


def _schema_of(place: OrganizationFacts | Organization) -> str:
    return place.schema if isinstance(place, OrganizationFacts) else place.schema_name


def _standing_facts(actor: Actor | None) -> dict[str, str]:
    """A support session says under which case it works."""
    case = actor.support_case if actor else None
    return {"support_case": str(case.id)} if case else {}


def _from_above(actor: Actor | None) -> dict[str, str]:
    """The organization reads which authority looked in, by the name it had then."""
    return {"authority": actor.here[0].place} if actor is not None and actor.authority_id is not None else {}


def _signed(request: HttpRequest, actor: Actor | None) -> tuple[str, str, str]:
    number: str = request.request_id  # type: ignore[attr-defined]
    return (str(actor.account_id), number, actor.signature) if actor else ("", number, "")


def _in_public(request: HttpRequest, actor: Actor | None) -> scopes.Scope:
    return scopes.IDENTITY.exempt().by(*_signed(request, actor))


def _write_entering(request: HttpRequest, actor: Actor | None) -> None:
    """Sign-ins, sign-outs and failed tries, of known logins and unknown alike: both cost the same time."""
    session = _session(request)
    failed = [attempt for attempt in request.sign_in_attempts if not attempt.succeeded]  # type: ignore[attr-defined]
    if failed:
        with scopes.enter(_in_public(request, None)):
            for attempt in failed:
                tried = attempt.account_id or (actor.account_id if actor else None)
                _note_entering(request, SIGN_IN_FAILED, tried)
    entered = session.account if session.cookie_to_set and not session.is_ended else None
    if entered is not None and (actor is None or actor.account_id != entered.pk):
        newcomer = load_actor(
            entered,
            request.workspace,  # type: ignore[attr-defined]
            today=timezone.localdate(),
            grant_id=session.grant_id,
        )
        with scopes.enter(_in_public(request, newcomer)):
            _note_entering(request, SIGNED_IN, newcomer.account_id, newcomer)
            count_visit(newcomer, ENTRANCE)
    elif actor is not None and not actor.factor_passed and session.factor_passed_at is not None:
        with scopes.enter(_in_public(request, actor)):
            _note_entering(request, FACTOR_PASSED, actor.account_id, actor)
    elif session.is_ended and actor is not None:
        with scopes.enter(_in_public(request, actor)):
            _note_entering(request, SIGNED_OUT, actor.account_id, actor)


def _note_entering(request: HttpRequest, action: str, account_id: uuid.UUID | None, actor: Actor | None = None) -> None:
    home = _home(request)
    note_in_public(
        NotedAction(action, subject_kind="account", subject_id=str(account_id or "")),
        {"host": request.workspace.host},  # type: ignore[attr-defined]
        organization_id=home.id if home else None,
        authority_id=actor.authority_id if actor else None,
    )


def _session(request: HttpRequest) -> HostSession:
    return request.session  # type: ignore[return-value]


def _section(request: HttpRequest) -> str:
    """The room of the program, never the page: a constant word of the URL configuration."""
    return (request.resolver_match.app_name if request.resolver_match else "") or ENTRANCE
