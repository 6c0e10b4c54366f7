"""One account per person, its sessions on hosts, tokens and one-time codes."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from shared.kernel.ids import new_id


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


class Session(models.Model):
    """A sign-in on one host; only the digest of the cookie's value is kept. Source: INTERFACES 2."""

    digest = models.CharField(max_length=64, primary_key=True)
    host = models.CharField("узел", max_length=255)
    account = models.ForeignKey(Account, models.CASCADE, null=True, related_name="sessions")
    grant_id = models.UUIDField("выбранное назначение", null=True)
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
    """One-time code that moves a person to another host: 30 seconds, one host, one browser. Source: INTERFACES 2."""

    digest = models.CharField(max_length=64, primary_key=True)
    account = models.ForeignKey(Account, models.CASCADE, related_name="handoffs")
    grant_id = models.UUIDField()
    target_host = models.CharField(max_length=255)
    browser_digest = models.CharField(max_length=64)
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.target_host


class SignInAttempt(models.Model):
    """A try to sign in, kept to slow down guessing; the login is kept as a digest."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    login_digest = models.CharField(max_length=64)
    address = models.GenericIPAddressField(null=True)
    succeeded = models.BooleanField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [
            models.Index(name="attempt_login", fields=["login_digest", "at"]),
            models.Index(name="attempt_address", fields=["address", "at"]),
        ]

    def __str__(self) -> str:
        return f"{self.at:%d.%m.%Y %H:%M:%S}"
