"""``asuso users`` and ``asuso token``: accounts of the console, new passwords, tokens. Source: INTERFACES 3."""

from __future__ import annotations

import sys
from typing import Any

import click
from django.db import transaction

from config.cli.context import actor, output_format, print_rows, with_database
from fleet import staff
from shared.access.roles import Role
from shared.access.services import issue_token
from shared.tenancy import scopes

ROLE = click.Choice([str(role) for role in Role])


@click.group()
def users() -> None:
    """Учётные записи."""


@users.command()
@click.option("--login", required=True)
@click.option("--last-name", required=True)
@click.option("--first-name", default="")
@click.option("--patronymic", default="")
@click.option("--role", type=ROLE, required=True)
@click.option("--organization", "slug", help="Адрес организации.")
@click.option("--authority", "code", help="Код органа управления: office-ОКТМО, ministry-РЕГИОН.")
@click.option("--password", help="Постоянный пароль; без него выдаётся одноразовый.")
@output_format
@with_database
def create(
    login: str,
    last_name: str,
    first_name: str,
    patronymic: str,
    role: str,
    slug: str | None,
    code: str | None,
    password: str | None,
    form: str,
) -> None:
    """Завести человека с одной ролью."""
    with scopes.enter(scopes.of_accounts().by(actor())):
        access = staff.create_person(
            login=login,
            last_name=last_name,
            first_name=first_name,
            patronymic=patronymic,
            place=staff.find_place(role=role, slug=slug, code=code),
            password=password,
            by=actor(),
        )
    _print(access, form)


@users.command()
@click.option("--login", required=True)
@click.option("--role", type=ROLE, required=True)
@click.option("--organization", "slug", help="Адрес организации.")
@click.option("--authority", "code", help="Код органа управления.")
@with_database
def grant(login: str, role: str, slug: str | None, code: str | None) -> None:
    """Дать человеку ещё одну роль."""
    with scopes.enter(scopes.of_accounts().by(actor())):
        host = staff.add_role(login=login, place=staff.find_place(role=role, slug=slug, code=code))
    click.echo(f"Роль «{Role(role).label}» дана, вход на {host}.")


@users.command()
@click.argument("slug")
@click.argument("login", required=False)
@output_format
@with_database
def reissue(slug: str, login: str | None, form: str) -> None:
    """Новый одноразовый пароль сотруднику организации; без логина — первому администратору."""
    with scopes.enter(scopes.of_accounts().by(actor())):
        access = staff.reissue(slug=slug, login=login, by=actor())
    _print(access, form)


@users.command()
@click.option("--login", required=True)
@output_format
@with_database
def recover(login: str, form: str) -> None:
    """Вернуть доступ: новый одноразовый пароль, второй фактор подключается заново."""
    with scopes.enter(scopes.of_accounts().by(actor())):
        access = staff.recover_person(login=login)
    _print(access, form)


def _print(access: staff.Access, form: str) -> None:
    line: dict[str, Any] = {
        "login": access.login,
        "host": access.host,
        "password": access.password,
        "one_time": access.is_one_time,
    }
    print_rows([line], form, document=line)


@click.group()
def token() -> None:
    """Токены для других систем."""


@token.command("create")
@click.option("--host", required=True, help="Узел, на котором токен действует.")
@click.option("--user", "login", required=True, help="Логин, с чьими правами.")
@click.option("--days", type=click.IntRange(1, 366), default=90, show_default=True)
@with_database
def create_token(host: str, login: str, days: int) -> None:
    """Напечатать новый токен и больше ничего."""
    with transaction.atomic():
        account, workspace = staff.find_holder(host=host, login=login)
    with scopes.enter(scopes.of_accounts().by(actor())):
        text = issue_token(account=account, host=workspace.host, days=days)
    sys.stdout.write(f"{text}\n")


COMMANDS = [users, token]
