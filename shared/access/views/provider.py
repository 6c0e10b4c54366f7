"""Entering through an OpenID provider: there, back, linked once by the password, and over to the wanted host."""

from __future__ import annotations

import time
from typing import Any, Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from shared.access import provider
from shared.access.declarations import public
from shared.access.errors import ChangePasswordFirst, SignInRefused, SubjectLinked
from shared.access.forms import SignInForm
from shared.access.requests import note_action
from shared.access.views.entering import check_password_of, following
from shared.access.views.moving import address_on, hand_over
from shared.access.workspaces import WorkspaceKind, workspace_of
from shared.accounts.models import Account, ExternalIdentity
from shared.kernel.rules import RuleViolation, constraint_means

CALLBACK: Final = "/login/oidc/callback/"
_ASKED, _KNOWN = "oidc_asked", "oidc_known"
_PATIENCE_SECONDS: Final = 10 * 60


@public()
@never_cache
@require_GET
def oidc(request: HttpRequest) -> HttpResponse:
    """The button of any host: on to the installation's own host, which the provider knows."""
    if not provider.is_configured():
        raise Http404
    host: str = request.workspace.host  # type: ignore[attr-defined]
    asked = urlencode({"to": host, "next": following(request)})
    return redirect(f"{address_on(request, settings.BASE_DOMAIN, '/login/oidc/start/')}?{asked}")


@public()
@never_cache
@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """Off to the provider, remembering where to come back to."""
    _only_at_the_entrance(request)
    wanted = workspace_of(request.GET.get("to", ""))
    if wanted is None:
        raise Http404
    try:
        address, kept = provider.begin(_callback_uri(request))
    except RuleViolation as refusal:
        return _refused(request, refusal)
    request.session[_ASKED] = kept | {"to": wanted.host, "next": following(request), "at": time.time()}
    return redirect(address)


@public()
@never_cache
@require_GET
def callback(request: HttpRequest) -> HttpResponse:
    """Back from the provider: the answer is verified and waits for the next step, which may write."""
    _only_at_the_entrance(request)
    asked = _recent(request.session.pop(_ASKED, None))
    try:
        if asked is None:
            raise provider.ProviderRefused(provider=provider.provider_name())
        state, code = request.GET.get("state", ""), request.GET.get("code", "")
        subject = provider.finish(_callback_uri(request), kept=asked, state=state, code=code)
    except RuleViolation as refusal:
        return _refused(request, refusal)
    request.session[_KNOWN] = {"subject": subject, "to": asked["to"], "next": asked["next"], "at": time.time()}
    return redirect("oidc_continue")


@public(scope="accounts", is_exempt=True)
@never_cache
@require_http_methods(["GET", "POST"])
def go_on(request: HttpRequest) -> HttpResponse:
    """A linked person is handed over to his host; another links his account once, by login and password."""
    _only_at_the_entrance(request)
    known = _recent(request.session.get(_KNOWN))
    if known is None:
        return redirect("/login/")
    identity = _identity(known["subject"])
    form = SignInForm(request.POST if request.method == "POST" and identity is None else None)
    if request.method == "POST" and (identity is not None or form.is_valid()):
        try:
            account = identity.account if identity else _link(request, form, known["subject"])
            _check_may_enter(account)
        except RuleViolation as refusal:
            if identity is not None:
                return _refused(request, refusal)
            form.add_error(None, str(refusal))
        else:
            del request.session[_KNOWN]
            return hand_over(request, account_id=account.pk, host=known["to"], place=known["to"], wanted=known["next"])
    context = {"form": form, "is_linked": identity is not None, "provider": provider.provider_name()}
    return render(request, "access/provider.html", context, status=422 if request.method == "POST" else 200)


def _link(request: HttpRequest, form: SignInForm, subject: str) -> Account:
    """Raises: SignInRefused, TooManyAttempts, ChangePasswordFirst, SubjectLinked."""
    account = check_password_of(request, form.cleaned_data["login"], form.cleaned_data["password"])
    _check_may_enter(account)
    with constraint_means("externalidentity_one_subject", SubjectLinked(provider=provider.provider_name())):
        ExternalIdentity.objects.create(account=account, issuer=str(settings.ENVIRONMENT.oidc_issuer), subject=subject)
    note_action(request, "identity_linked", subject_kind="account", subject_id=account.pk)
    return account


def _check_may_enter(account: Account) -> None:
    """A one-time password stands for a reset: it is replaced by its own way first."""
    if not account.is_active:
        raise SignInRefused
    if account.must_change_password:
        raise ChangePasswordFirst(provider=provider.provider_name())


def _identity(subject: str) -> ExternalIdentity | None:
    known = ExternalIdentity.objects.select_related("account")
    return known.filter(issuer=str(settings.ENVIRONMENT.oidc_issuer), subject=subject).first()


def _only_at_the_entrance(request: HttpRequest) -> None:
    if not provider.is_configured() or request.workspace.kind != WorkspaceKind.ENTRANCE:  # type: ignore[attr-defined]
        raise Http404


def _callback_uri(request: HttpRequest) -> str:
    return address_on(request, settings.BASE_DOMAIN, CALLBACK)


def _recent(kept: dict[str, Any] | None) -> dict[str, Any] | None:
    """What the session remembers, if it is not old."""
    return kept if kept and time.time() - kept["at"] < _PATIENCE_SECONDS else None


def _refused(request: HttpRequest, refusal: RuleViolation) -> HttpResponse:
    context = {"form": SignInForm(), "next": "/", "notice": str(refusal), "provider": provider.provider_name()}
    return render(request, "access/login.html", context, status=422)
