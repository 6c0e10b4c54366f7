"""Addresses of entering and of one's own account: the same on every host."""

from django.urls import path

from shared.access.views import account, entering, factor, moving, provider

ADDRESSES = [
    path("login/", entering.sign_in, name="login"),
    path("login/oidc/", provider.oidc, name="oidc"),
    path("login/oidc/start/", provider.start, name="oidc_start"),
    path("login/oidc/callback/", provider.callback, name="oidc_callback"),
    path("login/oidc/continue/", provider.go_on, name="oidc_continue"),
    path("logout/", entering.sign_out, name="logout"),
    path("password/", entering.password, name="password"),
    path("switch/", moving.switch, name="switch"),
    path("enter/", moving.enter, name="enter"),
    path("second-factor/", factor.check, name="factor"),
    path("second-factor/key/", factor.key_options, name="factor_key"),
    path("second-factor/new/", factor.enroll, name="factor_new"),
    path("second-factor/new/key/", factor.enroll_key, name="factor_new_key"),
    path("second-factor/new/key/options/", factor.new_key_options, name="factor_new_key_options"),
    path("second-factor/codes/", factor.new_codes, name="factor_codes"),
    path("second-factor/remove/", factor.remove, name="factor_remove"),
    path("account/", account.account, name="account"),
    path("account/sessions/end/", account.end, name="sessions_end"),
    path("account/identity/remove/", account.unlink, name="identity_remove"),
]
