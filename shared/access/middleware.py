"""A request is three short transactions: identity, work, closing. Source: ARCHITECTURE 3."""

from __future__ import annotations

import datetime
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import DisallowedHost, PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.shortcuts import render
from django.urls import set_urlconf
from django.utils import timezone

from shared.access.actors import Actor, load_actor
from shared.access.addresses import client_address, is_in
from shared.access.breaks import held_answer
from shared.access.declarations import Access, ScopeName
from shared.access.purposes import purpose_of
from shared.access.steps import ADDRESSES, PROBLEMS, Step, next_step
from shared.access.visibility import organization_seen_by
from shared.access.workspaces import Workspace, WorkspaceKind, moved_to, workspace_of
from shared.accounts.models import ApiToken
from shared.accounts.sealing import digest
from shared.accounts.sessions import HostSession
from shared.kernel.problems import problem, wants_problem
from shared.kernel.rows import row_or_none
from shared.tenancy import replica, scopes
from shared.tenancy.connection import tenant_connection

logger = logging.getLogger(__name__)
Answer = Callable[[HttpRequest], HttpResponse]
READING = ("GET", "HEAD", "OPTIONS")
WRITTEN = "written"
OPEN_WHILE_SUSPENDED = ("/healthz", "/readyz")
STATE_PURPOSE = "Сведения о людях открываются для названной цели. Укажите её в заголовке X-Purpose и повторите запрос."


class WorkspaceMiddleware:
    """Identity before everything else, closing after everything else, also after a fault."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        host = _host(request)
        tenant_connection().choose_lane(host)
        with transaction.atomic():
            workspace = workspace_of(host)
            if workspace is None and (present := moved_to(host)):
                return _moved(request, present)
            if workspace is None or not _is_admitted(request, workspace):
                return problem(404) if wants_problem(request) else render(request, "404.html", status=404)
            self._identify(request, workspace)
        organization = workspace.organization
        if organization and organization.status == "suspended" and request.path not in OPEN_WHILE_SUSPENDED:
            return _suspended(request, organization.short_name)
        response = self.get_response(request)
        self._close(request, response)
        return response

    def _identify(self, request: HttpRequest, workspace: Workspace) -> None:
        request.workspace = workspace  # type: ignore[attr-defined]
        request.urlconf = f"config.urls.{workspace.kind}"  # type: ignore[attr-defined]
        set_urlconf(request.urlconf)  # type: ignore[attr-defined]  # pages shown from here reverse addresses too
        session = HostSession(
            host=workspace.host,
            cookie=request.COOKIES.get(settings.SESSION_COOKIE_NAME),
            address=client_address(request) or None,
            agent=request.headers.get("User-Agent", ""),
        )
        request.session = session
        request.actor = None  # type: ignore[attr-defined]
        request.sign_in_attempts = []  # type: ignore[attr-defined]
        request.noted_actions = []  # type: ignore[attr-defined]
        today = timezone.localdate()
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            request.actor = _actor_of_token(token.strip(), workspace, today)  # type: ignore[attr-defined]
            return
        session.open()
        if session.account is not None:
            request.actor = load_actor(  # type: ignore[attr-defined]
                session.account,
                workspace,
                today=today,
                grant_id=session.grant_id,
                factor_passed=session.factor_passed_at is not None,
            )

    def _close(self, request: HttpRequest, response: HttpResponse) -> None:
        session: HostSession = request.session  # type: ignore[assignment]
        with transaction.atomic():
            if request.method not in READING and session.account is not None and _is_of_authority(request):
                _note_written(session)
            for attempt in request.sign_in_attempts:  # type: ignore[attr-defined]
                attempt.save(force_insert=True)
            session.close()
        if session.is_ended:
            response.delete_cookie(settings.SESSION_COOKIE_NAME)
        elif session.cookie_to_set:
            response.set_cookie(
                settings.SESSION_COOKIE_NAME,
                session.cookie_to_set,
                httponly=True,
                samesite="Lax",
                secure=settings.SESSION_COOKIE_SECURE,
            )
        if request.actor is not None or session.cookie_to_set:  # type: ignore[attr-defined]
            response.headers.setdefault("Cache-Control", "private, no-store")


def _actor_of_token(token: str, workspace: Workspace, today: datetime.date) -> Actor | None:
    known = ApiToken.objects.filter(digest=digest(token), host=workspace.host, expires_at__gt=timezone.now())
    row = row_or_none(known.filter(account__is_active=True).select_related("account"))
    return load_actor(row.account, workspace, today=today, grant_id=None, is_token=True) if row else None


def _moved(request: HttpRequest, host: str) -> HttpResponse:
    """The organization has another address: the same page there, by the same method.

    Not kept by browsers, as a permanent redirect else is: the operator may give the address to another organization.
    """
    port = request.get_host().partition(":")[2]
    target = f"{request.scheme}://{host}{':' + port if port else ''}{request.get_full_path()}"
    response: HttpResponse = HttpResponsePermanentRedirect(target, preserve_request=True)
    response.headers["Cache-Control"] = "no-store"
    if request.headers.get("HX-Request"):  # a fragment cannot follow to another origin: the whole page goes
        response = HttpResponse(status=204, headers={"HX-Redirect": target, "Cache-Control": "no-store"})
    return response


def _is_admitted(request: HttpRequest, workspace: Workspace) -> bool:
    """The operator's host exists only for the networks the installation names, if it names any. INTERFACES 3."""
    networks = settings.ENVIRONMENT.allowed_networks_operator
    if workspace.kind != WorkspaceKind.OPERATOR or not networks:
        return True
    return is_in(client_address(request), networks)


class RightsMiddleware:
    """Runs the view in its work transaction, if it declares a right and the person has it.

    The transaction commits if and only if the view returned: an exception passes through it, and the API's exception
    handler marks it for rollback. Reading requests are READ ONLY, and so are all others during a maintenance break.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse:
        access: Access | None = getattr(view, "access", None)
        if access is None:
            logger.error("view without a declared right", extra={"view": view.__qualname__})
            raise PermissionDenied
        refusal = self._refusal(request, access)
        if refusal is not None:
            return refusal
        scope = self._scope(request, access, kwargs)
        if access.groundwork is not None:
            other: ScopeName = "workspace" if access.scope == "accounts" else "accounts"
            with scopes.enter(self._scope(request, replace(access, scope=other), kwargs).reading()):
                request.groundwork = access.groundwork(request, **kwargs)  # type: ignore[attr-defined]

        def answer() -> HttpResponse:
            response = view(request, *args, **kwargs)
            if hasattr(response, "render") and not response.is_rendered:
                response = response.render()
            return response  # type: ignore[no-any-return]

        if scope.read_only and access.scope == "workspace" and _is_of_authority(request):
            with suppress(*replica.UNFIT):
                return self._from_standby(request, scope, answer)
        return self._work(request, scope, answer)

    def _work(self, request: HttpRequest, scope: scopes.Scope, answer: Callable[[], HttpResponse]) -> HttpResponse:
        """The view in its transaction. What a maintenance break has refused is answered so, whatever came of it."""
        connection, is_held = tenant_connection(), None
        try:
            with scopes.enter(scope):
                try:
                    response = answer()
                finally:
                    is_held = connection.held if connection.refused else None
        except Exception:
            if is_held is None:
                raise
            return held_answer(request, is_held)
        return held_answer(request, is_held, response) if is_held else response

    def _from_standby(
        self, request: HttpRequest, scope: scopes.Scope, answer: Callable[[], HttpResponse]
    ) -> HttpResponse:
        """What an authority reads of many organizations; half an answer leaves no trace. Raises: replica.UNFIT."""
        session: HostSession = request.session  # type: ignore[assignment]
        kept = {name: list(getattr(request, name)) for name in ("noted_actions", "dues")}
        try:
            with replica.enter(scope, written=session.get(WRITTEN, "")):
                return answer()
        except replica.UNFIT:
            for name, entries in kept.items():
                getattr(request, name)[:] = entries
            raise

    def _refusal(self, request: HttpRequest, access: Access) -> HttpResponse | None:
        if access.is_public:
            return None
        actor: Actor | None = request.actor  # type: ignore[attr-defined]
        is_api = wants_problem(request)
        if actor is None or (is_api and not actor.here):
            if is_api or request.headers.get("HX-Request"):
                return _unauthorized()  # the page asks to sign in without losing what was typed
            return HttpResponseRedirect(f"/login/?{urlencode({'next': request.path})}")
        step = next_step(actor)
        if step is not None and step not in access.steps:
            return _step_first(request, step, is_api=is_api)
        if access.capability and not actor.may(access.capability):
            if access.capability == "home.view" and actor.may("family.view") and not is_api:
                return HttpResponseRedirect("/family/")
            raise PermissionDenied
        return self._purpose_wanted(request, access, actor)

    def _purpose_wanted(self, request: HttpRequest, access: Access, actor: Actor) -> HttpResponse | None:
        if access.needs_purpose and actor.authority_id is not None and not purpose_of(request):
            return _purpose_first(request, is_api=wants_problem(request))
        return None

    def _scope(self, request: HttpRequest, access: Access, kwargs: dict[str, Any]) -> scopes.Scope:
        actor: Actor | None = request.actor  # type: ignore[attr-defined]
        scope = self._role(request.workspace, actor, access, kwargs)  # type: ignore[attr-defined]
        looks_only = actor is not None and actor.support_case is not None and not access.is_public
        if request.method in READING or looks_only:
            scope = scope.reading()
        if access.is_exempt or request.workspace.kind == WorkspaceKind.OPERATOR:  # type: ignore[attr-defined]
            scope = scope.exempt()
        number: str = request.request_id  # type: ignore[attr-defined]
        return scope.by(str(actor.account_id), number, actor.signature) if actor else scope.by("", number)

    def _role(self, workspace: Workspace, actor: Actor | None, access: Access, kwargs: dict[str, Any]) -> scopes.Scope:
        if access.scope == "accounts":
            return scopes.of_accounts()
        if access.is_public and access.scope == "workspace" and workspace.organization is not None:
            return scopes.of_organization(workspace.organization.schema).reading()
        if access.scope == "identity" or actor is None or not actor.here:
            return scopes.IDENTITY
        if workspace.organization is not None:
            return scopes.of_organization(workspace.organization.schema)
        if workspace.kind == WorkspaceKind.OPERATOR:
            return scopes.of_operator()
        return self._of_authority(actor, access, kwargs)

    def _of_authority(self, actor: Actor, access: Access, kwargs: dict[str, Any]) -> scopes.Scope:
        if actor.authority_id is None:
            return scopes.IDENTITY
        if access.scope != "oversight":
            return scopes.of_authority(actor.authority_id)
        organization = organization_seen_by(actor, kwargs["slug"])
        if organization is None:
            raise Http404
        return scopes.of_oversight(actor.authority_id, organization.schema_name)


def _is_of_authority(request: HttpRequest) -> bool:
    actor: Actor | None = request.actor  # type: ignore[attr-defined]
    return actor is not None and actor.authority_id is not None


def _note_written(session: HostSession) -> None:
    """From now on he reads from a standby only what holds his own work."""
    if replica.is_configured():
        session[WRITTEN] = replica.position()


def _host(request: HttpRequest) -> str:
    """The host's name without the port; a name that is no host of ours is unknown like any other."""
    try:
        return request.get_host().partition(":")[0]
    except DisallowedHost:
        return ""


def _suspended(request: HttpRequest, name: str) -> HttpResponse:
    reason = f"{name}: работа в системе приостановлена, данные сохранены. Обратитесь к оператору системы."
    if wants_problem(request):
        return problem(503, detail=reason, code="suspended")
    return render(request, "503.html", {"heading": "Организация приостановлена", "reason": reason}, status=503)


def _step_first(request: HttpRequest, step: Step, *, is_api: bool) -> HttpResponse:
    if is_api:
        code, detail = PROBLEMS[step]
        return problem(403, detail=detail, code=code)
    page = ADDRESSES[step]
    if request.method == "GET" and request.path != "/":
        page = f"{page}?{urlencode({'next': request.get_full_path()})}"
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": ADDRESSES[step]})
    return HttpResponseRedirect(page)


def _purpose_first(request: HttpRequest, is_api: bool) -> HttpResponse:
    if is_api:
        return problem(403, detail=STATE_PURPOSE, code="purpose_required")
    page = f"/purpose/?{urlencode({'next': request.get_full_path()})}"
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": page})
    return HttpResponseRedirect(page)


def _unauthorized() -> HttpResponse:
    response = problem(401)
    response.headers["WWW-Authenticate"] = "Bearer"
    return response
