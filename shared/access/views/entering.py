"""Entering by login and password, leaving, changing the password."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from shared.access.addresses import client_address, counted_as
from shared.access.declarations import at_step, public
from shared.access.errors import PasswordRefused, SignInRefused, TooManyAttempts
from shared.access.forms import PasswordForm, SignInForm
from shared.access.provider import provider_name
from shared.access.requests import actor_of, note_action
from shared.access.services import change_password, check_sign_in
from shared.access.steps import ADDRESSES, Step
from shared.accounts.models import Account
from shared.accounts.sessions import HostSession, live_sessions


@public(scope="accounts", is_exempt=True)
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """One page for every host; the answer never tells whether the login exists."""
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            account = check_password_of(request, form.cleaned_data["login"], form.cleaned_data["password"])
        except (SignInRefused, TooManyAttempts) as refusal:
            form.add_error(None, str(refusal))
        else:
            session_of(request).sign_in(account)
            return redirect(after_sign_in(request, account, following(request)))
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "next": following(request), "provider": provider_name()}
    return render(request, "access/login.html", context, status=status)


def check_password_of(request: HttpRequest, login: str, password: str) -> Account:
    """The account of a right login and password; closing remembers the attempt.

    Raises: SignInRefused, TooManyAttempts.
    """
    account, attempt = check_sign_in(login=login, password=password, address=address_of(request))
    request.sign_in_attempts.append(attempt)  # type: ignore[attr-defined]
    if account is None:
        raise SignInRefused
    return account


def after_sign_in(request: HttpRequest, account: Account, wanted: str) -> str:
    """Where to go after the first factor: to the next step, or to the page that was wanted."""
    session = session_of(request)
    if account.must_change_password:
        return _with_next(ADDRESSES[Step.PASSWORD], wanted)
    if account.second_factor_since is not None and session.factor_passed_at is None:
        return _with_next(ADDRESSES[Step.FACTOR], wanted)
    tell_of_other_sessions(request, account)
    return wanted


def tell_of_other_sessions(request: HttpRequest, account: Account) -> None:
    """Say at once that somebody else may be working under this account. Source: R-030; DO 4.1."""
    session = session_of(request)
    others = live_sessions(account).exclude(digest=session.row_key)
    other = others.exclude(address=session.address, browser=session.browser).first()
    if other is not None:
        seen = timezone.localtime(other.last_seen_at)
        messages.warning(
            request,
            f"Под вашей учётной записью открыт ещё один сеанс: {other.browser}, {other.host}, {seen:%d.%m.%Y %H:%M}. "
            "Если это не вы, завершите его в разделе «Моя учётная запись» и смените пароль.",
        )


def session_of(request: HttpRequest) -> HostSession:
    """The session with what this product adds to Django's."""
    return request.session  # type: ignore[return-value]


def address_of(request: HttpRequest) -> str:
    """The address as the limits count it."""
    return counted_as(client_address(request))


def following(request: HttpRequest) -> str:
    """The page that was wanted before the sign-in; only of this host."""
    wanted = request.POST.get("next") or request.GET.get("next") or "/"
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    return wanted if safe and wanted.startswith("/") else "/"


def _with_next(address: str, wanted: str) -> str:
    return address if wanted == "/" else f"{address}?{urlencode({'next': wanted})}"


@public(scope="accounts", is_exempt=True)
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this session."""
    session_of(request).sign_out()
    return redirect("/login/")


@at_step(Step.PASSWORD)
@never_cache
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Change the password; obligatory at the first entry with a one-time one."""
    form = PasswordForm(request.POST or None)
    actor, session = actor_of(request), session_of(request)
    if request.method == "POST" and form.is_valid():
        try:
            account = check_password_of(request, actor.login, form.cleaned_data["current"])
            change_password(account=account, new=form.cleaned_data["new"], keep_session=session.row_key)
        except SignInRefused:
            form.add_error("current", "Текущий пароль не подходит. Введите тот, с которым вошли.")
        except TooManyAttempts as refusal:
            form.add_error(None, str(refusal))
        except PasswordRefused as refusal:
            form.add_error("new", str(refusal))
        else:
            note_action(request, "password_changed", subject_kind="account", subject_id=account.pk)
            account.refresh_from_db()
            session.sign_in(
                account,
                session.grant_id,
                signed_in_at=session.signed_in_at,
                factor_passed_at=session.factor_passed_at,
            )
            messages.success(request, "Пароль сменён. Остальные ваши сеансы завершены.")
            return redirect(after_sign_in(request, account, following(request)))
    status = 422 if request.method == "POST" else 200
    return render(request, "access/password.html", {"form": form, "next": following(request)}, status=status)
