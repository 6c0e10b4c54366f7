"""Moving between one's workplaces: on this host at once, to another by a one-time code. Source: INTERFACES 2."""

from __future__ import annotations

import datetime
import uuid

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from shared.access.actors import Grant
from shared.access.addresses import client_address
from shared.access.declarations import public, signed_in
from shared.access.errors import HandoffRefused
from shared.access.forms import SignInForm
from shared.access.requests import actor_of
from shared.access.roles import role_facts
from shared.access.services import make_handoff, take_handoff
from shared.access.views.entering import after_sign_in, following, session_of


@signed_in
@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Move to another of one's workplaces."""
    actor = actor_of(request)
    wanted = request.POST.get("place", "")
    grant = next((grant for grant in actor.grants if str(grant.id) == wanted), None)
    if grant is None:
        return redirect("/")
    host = host_of(grant)
    if host == request.workspace.host:  # type: ignore[attr-defined]
        session_of(request).choose(grant.id)
        return redirect("/")
    session = session_of(request)
    return hand_over(
        request,
        account_id=actor.account_id,
        host=host,
        grant_id=grant.id,
        place=grant.place,
        signed_in_at=session.signed_in_at,
        factor_passed_at=session.factor_passed_at,
    )


def hand_over(
    request: HttpRequest,
    *,
    account_id: uuid.UUID,
    host: str,
    place: str,
    wanted: str = "/",
    grant_id: uuid.UUID | None = None,
    signed_in_at: datetime.datetime | None = None,
    factor_passed_at: datetime.datetime | None = None,
) -> HttpResponse:
    """A page that carries a one-time code to the other host and sends itself."""
    code = make_handoff(
        account_id=account_id,
        grant_id=grant_id,
        target_host=host,
        browser=_browser(request),
        signed_in_at=signed_in_at,
        factor_passed_at=factor_passed_at,
    )
    context = {"target": address_on(request, host, "/enter/"), "code": code, "place": place, "next": wanted}
    response = render(request, "access/handoff.html", context)
    # The page posts itself to the other host, which the ordinary form-action would forbid.
    response._csp_update = {"form-action": [f"{request.scheme}://{host}:*", f"{request.scheme}://{host}"]}  # type: ignore[attr-defined]
    return response


def address_on(request: HttpRequest, host: str, path: str) -> str:
    """An address of another host of ours, on the port that this one answers at."""
    port = request.get_host().partition(":")[2]
    return f"{request.scheme}://{host}{':' + port if port else ''}{path}"


def host_of(grant: Grant) -> str:
    """The host where a grant is used."""
    name = grant.organization_slug or role_facts()[grant.role].level
    return f"{name}.{settings.BASE_DOMAIN}"


def _browser(request: HttpRequest) -> str:
    """What both hosts see of one browser. A cookie cannot do it: ``localhost`` admits none for the whole domain."""
    return "|".join((client_address(request), request.headers.get("User-Agent", "")))


@public(scope="accounts", is_exempt=True)
@csrf_exempt
@never_cache
@require_POST
def enter(request: HttpRequest) -> HttpResponse:
    """Arrive from another host with a one-time code; the code itself is the proof, so no CSRF token is asked."""
    try:
        handoff = take_handoff(
            code=request.POST.get("code", ""),
            host=request.workspace.host,  # type: ignore[attr-defined]
            browser=_browser(request),
        )
    except HandoffRefused as refusal:
        form = SignInForm()
        return render(request, "access/login.html", {"form": form, "next": "/", "notice": str(refusal)}, status=422)
    session_of(request).sign_in(
        handoff.account,
        handoff.grant_id,
        signed_in_at=handoff.signed_in_at,
        factor_passed_at=handoff.factor_passed_at,
    )
    return redirect(after_sign_in(request, handoff.account, following(request)))
