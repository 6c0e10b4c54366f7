"""The second factor: passing it at sign-in, connecting an app or a key, recovery codes."""

from __future__ import annotations

import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from shared.access.declarations import at_step, signed_in
from shared.access.errors import SignInRefused, TooManyAttempts, WrongPassword
from shared.access.forms import CodeForm, ConfirmForm, EnrollForm, KeyForm
from shared.access.requests import actor_of, note_action
from shared.access.services import check_factor_code, factor_guard
from shared.access.steps import Step
from shared.access.views.entering import (
    address_of,
    check_password_of,
    following,
    session_of,
    tell_of_other_sessions,
)
from shared.accounts import factors, keys
from shared.accounts.errors import CodeAlreadyUsed, KeyRefused
from shared.accounts.models import Account, SecurityKey
from shared.accounts.sealing import SealBroken, seal, unseal
from shared.kernel.rules import RuleViolation

# What waits in the session for the next request of its page; it never leaves the server.
_NEW_SECRET = "new_totp_secret"
_KEY_STATE = "key_state"
_ENROLLMENT_STATE = "key_enrollment_state"


@at_step(Step.FACTOR)
@never_cache
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Ask for a code of the app or a recovery code, or the touch of a key."""
    if actor_of(request).factor_passed:
        return redirect(following(request))
    account = _account(request)
    form = CodeForm(request.POST if "code" in request.POST else None)
    refused = ""
    if request.method == "POST" and (form.is_valid() or "answer" in request.POST):
        try:
            _check(request, account, form)
        except RuleViolation as refusal:
            if form.is_bound:
                form.add_error("code", str(refusal))
            else:
                refused = str(refusal)
        else:
            session_of(request).pass_factor()
            tell_of_other_sessions(request, account)
            return redirect(following(request))
    context = {
        "form": form,
        "refused": refused,
        "next": following(request),
        "has_key": keys.has_key_for(account, _host(request)),
    }
    return render(request, "access/factor.html", context, status=422 if request.method == "POST" else 200)


def _check(request: HttpRequest, account: Account, form: CodeForm) -> None:
    """Raises: TooManyAttempts, CodeRefused, CodeAlreadyUsed, KeyRefused."""
    address = address_of(request)
    try:
        if form.is_bound:
            attempt = check_factor_code(account=account, code=form.cleaned_data["code"], address=address)
        else:
            state = session_of(request).pop(_KEY_STATE, None)
            keys.check_key(account=account, host=_host(request), state=state, answer=request.POST["answer"])
            attempt = factor_guard(account, address).attempt(succeeded=True)
    except (TooManyAttempts, CodeAlreadyUsed):  # the second is a right code: nobody is guessing
        raise
    except RuleViolation:
        attempts = request.sign_in_attempts  # type: ignore[attr-defined]
        attempts.append(factor_guard(account, address).attempt(succeeded=False))
        raise
    request.sign_in_attempts.append(attempt)  # type: ignore[attr-defined]


@at_step(Step.FACTOR)
@never_cache
@require_POST
def key_options(request: HttpRequest) -> HttpResponse:
    """What the browser must ask the person's key, as JSON for the page's script."""
    try:
        options, state = keys.begin_check(account=_account(request), host=_host(request))
    except RuleViolation as refusal:
        return JsonResponse({"detail": str(refusal)}, status=422)
    request.session[_KEY_STATE] = state
    return JsonResponse(options)


@at_step(Step.ENROLLMENT)
@never_cache
@require_http_methods(["GET", "POST"])
def enroll(request: HttpRequest) -> HttpResponse:
    """Connect an authenticator app: show its secret, keep it once a right code has come back."""
    account = _account(request)
    secret = _secret(request)
    form = EnrollForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            factors.enroll_app(account=account, secret=secret, code=form.cleaned_data["code"])
        except RuleViolation as refusal:
            form.add_error("code", str(refusal))
        else:
            del request.session[_NEW_SECRET]
            return _enrolled(request, account, "app")
    context = {
        "form": form,
        "key_form": KeyForm(),
        "secret": _in_groups(secret),
        "picture": _picture(factors.provisioning_uri(account, secret)),
        "next": following(request),
    }
    return render(request, "access/enroll.html", context, status=422 if request.method == "POST" else 200)


@at_step(Step.ENROLLMENT)
@never_cache
@require_POST
def new_key_options(request: HttpRequest) -> HttpResponse:
    """What the browser must ask a new key, as JSON for the page's script."""
    options, state = keys.begin_enrollment(account=_account(request), host=_host(request))
    request.session[_ENROLLMENT_STATE] = state
    return JsonResponse(options)


@at_step(Step.ENROLLMENT)
@never_cache
@require_POST
def enroll_key(request: HttpRequest) -> HttpResponse:
    """Connect the key that answered."""
    account = _account(request)
    form = KeyForm(request.POST)
    state = session_of(request).pop(_ENROLLMENT_STATE, None)
    try:
        if not form.is_valid():
            raise KeyRefused
        keys.finish_enrollment(
            account=account,
            host=_host(request),
            state=state,
            answer=form.cleaned_data["answer"],
            name=form.cleaned_data["name"],
        )
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
        return redirect("factor_new")
    return _enrolled(request, account, "key")


def _enrolled(request: HttpRequest, account: Account, kind: str) -> HttpResponse:
    """The first factor also passes the step and brings recovery codes; a further one changes nothing else."""
    note_action(request, "second_factor_connected", subject_kind="account", subject_id=account.pk, kind=kind)
    is_first = not actor_of(request).has_second_factor
    session_of(request).pass_factor()
    if not is_first:
        messages.success(request, "Второй фактор подключён.")
        return redirect("account")
    return _show_codes(request, account, wanted=following(request))


def _show_codes(request: HttpRequest, account: Account, *, wanted: str) -> HttpResponse:
    """The only time that recovery codes are seen, so the page answers the POST itself."""
    codes = factors.issue_recovery_codes(account)
    return render(request, "access/recovery_codes.html", {"codes": codes, "next": wanted, "login": account.login})


@signed_in
@never_cache
@require_POST
def new_codes(request: HttpRequest) -> HttpResponse:
    """Recovery codes anew; the old ones end."""
    account = _confirmed(request)
    if account is None:
        return redirect("account")
    note_action(request, "recovery_codes_issued", subject_kind="account", subject_id=account.pk)
    return _show_codes(request, account, wanted="/account/")


@signed_in
@require_POST
def remove(request: HttpRequest) -> HttpResponse:
    """Disconnect the app or a key, by the password."""
    account = _confirmed(request)
    if account is None:
        return redirect("account")
    is_obligatory = actor_of(request).needs_second_factor
    wanted = request.POST.get("factor", "")
    try:
        if wanted == "app":
            factors.remove_app(account=account, is_obligatory=is_obligatory)
        else:
            known = {str(key.pk): key for key in SecurityKey.objects.filter(account=account)}
            if wanted not in known:
                return redirect("account")
            factors.remove_key(account=account, key=known[wanted], is_obligatory=is_obligatory)
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
    else:
        note_action(request, "second_factor_removed", subject_kind="account", subject_id=account.pk)
        messages.success(request, "Второй фактор отключён.")
    return redirect("account")


def _confirmed(request: HttpRequest) -> Account | None:
    """The account, if its password was given with the request; a word for the person if not."""
    form = ConfirmForm(request.POST)
    password = form.cleaned_data["password"] if form.is_valid() else ""
    try:
        return check_password_of(request, actor_of(request).login, password)
    except SignInRefused:
        messages.error(request, str(WrongPassword()))
    except TooManyAttempts as refusal:
        messages.error(request, str(refusal))
    return None


def _account(request: HttpRequest) -> Account:
    return get_object_or_404(Account, pk=actor_of(request).account_id)


def _host(request: HttpRequest) -> str:
    return str(request.workspace.host)  # type: ignore[attr-defined]


def _secret(request: HttpRequest) -> str:
    """The secret of this enrollment: the same when the page is opened again, sealed while it waits."""
    try:
        return unseal(request.session[_NEW_SECRET])
    except (KeyError, SealBroken):
        secret = factors.new_secret()
        request.session[_NEW_SECRET] = seal(secret)
        return secret


def _in_groups(secret: str) -> str:
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))


def _picture(uri: str) -> SafeString:
    """The secret as a QR code: shapes inside the page, no image to load."""
    return mark_safe(segno.make(uri, error="m").svg_inline(omitsize=True, light="#fff", title="QR-код с секретом"))
