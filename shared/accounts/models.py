"""One account per person: its sessions on hosts, tokens, one-time codes, second factors, issued credentials."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils import timezone

from shared.kernel.ids import new_id
from shared.organizations.models import AuthorityBody, Organization


class AccountManager(BaseUserManager["Account"]):
    def get_by_natural_key(self, username: str | None) -> Account:
        return self.get(login=username)


class Account(AbstractBaseUser):
    """A person who signs in; rights come from role grants, never from the account itself."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    login = models.CharField("логин", max_length=80, unique=True)
    last_name = models.CharField("фамилия", max_length=100, blank=True)
    first_name = models.CharField("имя", max_length=100, blank=True)
    patronymic = models.CharField("отчество", max_length=100, blank=True)
    is_active = models.BooleanField("действует", default=True)
    must_change_password = models.BooleanField("сменить пароль при входе", default=True)
    one_time_until = models.DateTimeField("одноразовый пароль действует до", null=True, blank=True)
    second_factor_since = models.DateTimeField("второй фактор с", null=True, blank=True)
    last_entered_at = models.DateTimeField("последний вход", null=True, blank=True)
    created_at = models.DateTimeField("создана", auto_now_add=True)

    objects: ClassVar[AccountManager] = AccountManager()
    USERNAME_FIELD = "login"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    is_staff = False
    is_superuser = False

    class Meta:
        verbose_name = "учётная запись"
        ordering = ["login"]

    def __str__(self) -> str:
        return self.full_name or self.login

    @property
    def full_name(self) -> str:
        return " ".join(part for part in (self.last_name, self.first_name, self.patronymic) if part)

    @property
    def is_expired(self) -> bool:
        """Whether its one-time password was not used in time."""
        return self.must_change_password and self.one_time_until is not None and self.one_time_until <= timezone.now()


class Session(models.Model):
    """A sign-in on one host; only the digest of the cookie's value is kept. Source: INTERFACES 2."""

    digest = models.CharField(max_length=64, primary_key=True)
    host = models.CharField("узел", max_length=255)
    account = models.ForeignKey(Account, models.CASCADE, null=True, related_name="sessions")
    grant_id = models.UUIDField("выбранное назначение", null=True)
    address = models.GenericIPAddressField("адрес", null=True)
    browser = models.CharField("браузер", max_length=60, blank=True)
    signed_in_at = models.DateTimeField("вход", null=True)
    factor_passed_at = models.DateTimeField("второй фактор пройден", null=True)
    data = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)
    last_seen_at = models.DateTimeField(auto_now=True)
    expires_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(name="session_expires", fields=["expires_at"])]

    def __str__(self) -> str:
        return f"{self.host} {self.created_at:%d.%m.%Y %H:%M}"


class ApiToken(models.Model):
    """A bearer token: valid on one host only, with the rights of its account. Source: INTERFACES 3."""

    digest = models.CharField(max_length=64, primary_key=True)
    host = models.CharField(max_length=255)
    account = models.ForeignKey(Account, models.CASCADE, related_name="tokens")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.host} {self.expires_at:%d.%m.%Y}"


class HandoffCode(models.Model):
    """One-time code that moves a person to another host: 30 seconds, one host, one browser. Source: INTERFACES 2.

    It carries when he signed in and passed the second factor; without a grant he takes his first place there.
    """

    digest = models.CharField(max_length=64, primary_key=True)
    account = models.ForeignKey(Account, models.CASCADE, related_name="handoffs")
    grant_id = models.UUIDField(null=True)
    signed_in_at = models.DateTimeField(null=True)
    factor_passed_at = models.DateTimeField(null=True)
    target_host = models.CharField(max_length=255)
    browser_digest = models.CharField(max_length=64)
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.target_host


class SignInAttempt(models.Model):
    """A try to sign in or to pass the second factor; whose and from where is kept as keyed digests."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    login_digest = models.CharField(max_length=64)
    address_digest = models.CharField(max_length=64, default="")
    succeeded = models.BooleanField()
    at = models.DateTimeField(auto_now_add=True)
    account_id: uuid.UUID | None = None  # of this request only, for the action log; the row keeps no name

    class Meta:
        indexes = [
            models.Index(name="attempt_login", fields=["login_digest", "at"]),
            models.Index(name="attempt_address", fields=["address_digest", "at"]),
        ]

    def __str__(self) -> str:
        return f"{self.at:%d.%m.%Y %H:%M:%S}"


class AuthenticatorApp(models.Model):
    """An app that shows six digits (TOTP): its secret is sealed, ``last_step`` is the code used last."""

    account = models.OneToOneField(Account, models.CASCADE, primary_key=True, related_name="app")
    sealed_secret = models.TextField()
    last_step = models.BigIntegerField(default=0)
    created_at = models.DateTimeField("подключено", auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.created_at:%d.%m.%Y}"


class SecurityKey(models.Model):
    """A WebAuthn key: a token, a phone, the computer itself. ``rp_id`` is the domain it answers to."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, models.CASCADE, related_name="keys")
    rp_id = models.CharField(max_length=255)
    name = models.CharField("название", max_length=60)
    credential_id = models.BinaryField(unique=True)
    credential = models.BinaryField()
    sign_count = models.BigIntegerField(default=0)
    created_at = models.DateTimeField("подключён", auto_now_add=True)
    last_used_at = models.DateTimeField("использован", null=True)

    def __str__(self) -> str:
        return self.name


class RecoveryCode(models.Model):
    """A way in without the second factor, once."""

    digest = models.CharField(max_length=64, primary_key=True)
    account = models.ForeignKey(Account, models.CASCADE, related_name="recovery_codes")
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return "использован" if self.used_at else "не использован"


class ExternalIdentity(models.Model):
    """Who an account is at an OpenID provider: linked once by the person himself, never by name."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, models.CASCADE, related_name="identities")
    issuer = models.CharField(max_length=300)
    subject = models.CharField(max_length=255)
    linked_at = models.DateTimeField("связана", auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="externalidentity_one_account", fields=["issuer", "subject"]),
            models.UniqueConstraint(name="externalidentity_one_subject", fields=["issuer", "account"]),
        ]

    def __str__(self) -> str:
        return self.issuer


class CredentialIssue(models.Model):
    """A line of the register of issued credentials: who gave a one-time password to whom, and into whose hands.

    The place is an organization, an authority, or — for the operator — neither. The password itself is nowhere: it was
    printed once. ``guardian_id`` and ``group_id`` are in the organization's own tables.
    Source: R-019, R-100; ORGANIZATION 5.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, null=True, related_name="credential_issues")
    authority = models.ForeignKey(AuthorityBody, models.PROTECT, null=True, related_name="credential_issues")
    account = models.ForeignKey(Account, models.PROTECT, related_name="issues", verbose_name="кому")
    guardian_id = models.UUIDField("представитель", null=True)
    group_id = models.UUIDField("класс, группа", null=True)
    group_name = models.CharField("класс, группа", max_length=120, blank=True)
    issued_by = models.CharField("кто выдал", max_length=300)
    issuer = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    issued_at = models.DateTimeField("выдан", auto_now_add=True)
    valid_until = models.DateTimeField("действует до")
    printed_at = models.DateTimeField("напечатан", null=True)
    handed_to = models.CharField("вручён кому", max_length=300, blank=True)
    handed_on = models.DateField("вручён", null=True)

    class Meta:
        verbose_name = "выдача пароля"
        ordering = ["-issued_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="credentialissue_one_place", condition=Q(organization=None) | Q(authority=None)
            ),
            models.CheckConstraint(
                name="credentialissue_handed_whole",
                condition=Q(handed_on=None, handed_to="") | (Q(handed_on__isnull=False) & ~Q(handed_to="")),
            ),
        ]
        indexes = [models.Index(name="credentialissue_register", fields=["organization", "-issued_at"])]

    def __str__(self) -> str:
        return f"{self.account} {self.issued_at:%d.%m.%Y}"
