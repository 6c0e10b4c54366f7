"""Entering, leaving, changing the password and moving between workplaces."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from shared.access.actors import Grant
from shared.access.declarations import public, signed_in
from shared.access.errors import HandoffRefused, PasswordRefused, SignInRefused, TooManyAttempts
from shared.access.forms import PasswordForm, SignInForm
from shared.access.roles import ORGANIZATION_ROLES, Role
from shared.access.services import change_password, check_sign_in, make_handoff, take_handoff
from shared.accounts.models import Account

HOST_OF_ROLE = {
    Role.OPERATOR: "operator",
    Role.MINISTRY_OFFICER: "region",
    Role.MUNICIPAL_OFFICER: "municipality",
}


@public(scope="accounts")
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """One page for every host; the answer never tells whether the login exists."""
    form = SignInForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            account = _checked(request, form)
            if account is not None:
                request.session.sign_in(account)  # type: ignore[attr-defined]
                return redirect("/password/" if account.must_change_password else _next(request))
    return render(request, "access/login.html", {"form": form, "next": _next(request)}, status=status)


def _checked(request: HttpRequest, form: SignInForm) -> Account | None:
    try:
        account, attempt = check_sign_in(
            login=form.cleaned_data["login"],
            password=form.cleaned_data["password"],
            address=request.META.get("REMOTE_ADDR"),
        )
    except TooManyAttempts as refusal:
        form.add_error(None, str(refusal))
        return None
    request.sign_in_attempts.append(attempt)  # type: ignore[attr-defined]
    if account is None:
        form.add_error(None, str(SignInRefused()))
    return account


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or "/"
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    return wanted if safe and wanted.startswith("/") else "/"


@public(scope="accounts")
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this session."""
    request.session.sign_out()  # type: ignore[attr-defined]
    return redirect("/login/")


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Change the password; obligatory at the first entry with a one-time one."""
    form = PasswordForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        account = get_object_or_404(Account, pk=request.actor.account_id)  # type: ignore[attr-defined]
        if form.is_valid():
            try:
                change_password(account=account, current=form.cleaned_data["current"], new=form.cleaned_data["new"])
            except SignInRefused:
                form.add_error("current", "Текущий пароль не подходит. Введите тот, с которым вошли.")
            except PasswordRefused as refusal:
                form.add_error("new", str(refusal))
            else:
                account.refresh_from_db()
                request.session.sign_in(account, request.session.grant_id)  # type: ignore[attr-defined]
                return redirect("/")
    return render(request, "access/password.html", {"form": form}, status=status)


@signed_in
@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Move to another of one's workplaces: on this host at once, on another by a one-time code. INTERFACES 2."""
    wanted = request.POST.get("place", "")
    grant = next((g for g in request.actor.grants if str(g.id) == wanted), None)  # type: ignore[attr-defined]
    if grant is None:
        return redirect("/")
    host = host_of(grant)
    if host == request.workspace.host:  # type: ignore[attr-defined]
        request.session.choose(grant.id)  # type: ignore[attr-defined]
        return redirect("/")
    code = make_handoff(
        account_id=request.actor.account_id,  # type: ignore[attr-defined]
        grant_id=grant.id,
        target_host=host,
        browser=_browser(request),
    )
    port = request.get_host().partition(":")[2]
    target = f"{request.scheme}://{host}{':' + port if port else ''}/enter/"
    response = render(request, "access/handoff.html", {"target": target, "code": code, "place": grant.place})
    # The page posts itself to the other host, which the ordinary form-action would forbid.
    response._csp_update = {"form-action": [f"{request.scheme}://{host}:*", f"{request.scheme}://{host}"]}  # type: ignore[attr-defined]
    return response


def host_of(grant: Grant) -> str:
    """The host where a grant is used."""
    if grant.role in ORGANIZATION_ROLES:
        return f"{grant.organization_slug}.{settings.BASE_DOMAIN}"
    return f"{HOST_OF_ROLE[Role(grant.role)]}.{settings.BASE_DOMAIN}"


def _browser(request: HttpRequest) -> str:
    """What both hosts see of one browser. A cookie cannot do it: ``localhost`` admits none for the whole domain."""
    return "|".join((request.META.get("REMOTE_ADDR", ""), request.headers.get("User-Agent", "")))


@public(scope="accounts")
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
    request.session.sign_in(handoff.account, handoff.grant_id)  # type: ignore[attr-defined]
    return redirect("/")
