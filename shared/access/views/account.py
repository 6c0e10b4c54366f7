"""«Моя учётная запись»: who I am here, where I am signed in, what protects me. Source: R-287, R-352, R-372."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from shared.access.declarations import signed_in
from shared.access.models import RoleGrant
from shared.access.provider import provider_name
from shared.access.requests import actor_of, note_action
from shared.access.views.entering import session_of
from shared.accounts import factors
from shared.accounts.models import Account, AuthenticatorApp, ExternalIdentity, SecurityKey
from shared.accounts.sessions import end_sessions, live_sessions


@signed_in
@never_cache
@require_GET
def account(request: HttpRequest) -> HttpResponse:
    """Name, roles with their orders and periods, sessions, second factors."""
    known = Account.objects.get(pk=actor_of(request).account_id)
    sessions = list(live_sessions(known))
    grants = RoleGrant.objects.filter(account=known).select_related("organization", "authority")
    context = {
        "account": known,
        "grants": grants.order_by("-valid_from", "pk"),
        "today": timezone.localdate(),
        "sessions": sessions,
        "this_session": session_of(request).row_key,
        "app": AuthenticatorApp.objects.filter(account=known).first(),
        "keys": SecurityKey.objects.filter(account=known).order_by("created_at"),
        "codes_left": factors.recovery_codes_left(known),
        "provider": provider_name(),
        "identity": ExternalIdentity.objects.filter(account=known, issuer=settings.ENVIRONMENT.oidc_issuer).first(),
    }
    return render(request, "access/account.html", context)


@signed_in
@require_POST
def end(request: HttpRequest) -> HttpResponse:
    """End one of one's other sessions, or all of them."""
    known = Account.objects.get(pk=actor_of(request).account_id)
    this = session_of(request).row_key
    wanted = request.POST.get("session", "")
    if wanted:
        others = (one for one in live_sessions(known) if one.digest != this)
        ended = sum(one.delete()[0] for one in others if one.digest == wanted)
    else:
        ended = end_sessions(known, besides=this)
    if ended:
        note_action(request, "sessions_ended", subject_kind="account", subject_id=known.pk, rows=ended)
        messages.success(request, "Сеанс завершён." if wanted else "Все другие сеансы завершены.")
    else:
        messages.info(request, "Этот сеанс уже завершён." if wanted else "Других сеансов нет.")
    return redirect("account")


@signed_in
@require_POST
def unlink(request: HttpRequest) -> HttpResponse:
    """Forget who this person is at the OpenID provider."""
    known = actor_of(request).account_id
    if ExternalIdentity.objects.filter(account_id=known, issuer=settings.ENVIRONMENT.oidc_issuer).delete()[0]:
        note_action(request, "identity_unlinked", subject_kind="account", subject_id=known)
        messages.success(request, "Связь удалена. Войти можно логином и паролем.")
    return redirect("account")
