"""A fleet for the load: organizations by the product's onboarding, a few learners each, sessions and tokens beforehand.

Nobody signs in during the load: Argon2 is slow on purpose, and a school day is signed in at eight and works till six.
"""

from __future__ import annotations

import csv
import datetime
import json
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from fleet.onboarding import services as onboarding
from shared.access.models import RoleGrant
from shared.access.services import create_account, give_role
from shared.accounts.factors import save_app
from shared.accounts.models import Account, ApiToken, Session
from shared.accounts.sealing import digest
from shared.imports.tables import read_table
from shared.organizations.models import Municipality, Organization
from shared.tenancy import scopes
from tenants.groups.models import Group
from tenants.handup.projector import settle
from tenants.orders.services import send_for_signature
from tenants.people.bringing import bring_students
from tenants.people.models import Student
from tests import factor
from tests.tenants import factories
from tests.tenants.staff import making

FILE: Final = "fleet.json"
COLUMNS: Final = ("full_name", "short_name", "type", "oktmo", "urban_rural", "slug")
CLASSES: Final = ("1А", "5А", "9Б")
LEARNERS: Final = 12
ORDERS: Final = 600  # that wait for a signature, over the whole fleet
SURNAMES: Final = ("Соколов", "Кольцов", "Абрамов", "Лебедев", "Морозов", "Ершов", "Жуков", "Карпов", "Орлов", "Быков")
SINCE: Final = datetime.date(2020, 1, 1)
LIFE: Final = datetime.timedelta(hours=12)


def prepare(folder: Path, organizations: int, *, told: Callable[[str], None]) -> None:
    """Write ``fleet.json``: hosts, cookies, tokens and what there is to look at in each organization."""
    _connect(folder, organizations, told=told)
    encoded = make_password(secrets.token_urlsafe(12))  # one hash for all: nobody signs in by it
    places = []
    for number, organization in enumerate(Organization.objects.using("owner").order_by("number"), start=1):
        places.append(_people(organization, encoded) | _content(organization, max(3, ORDERS // organizations)))
        settle(organization)
        if number % 50 == 0:
            told(f"наполнено организаций: {number}")
    (folder / FILE).write_text(json.dumps(places, ensure_ascii=False), encoding="utf-8")


def renew() -> None:
    """Everybody has signed in today: a kept fleet is visited again."""
    now = timezone.now()
    Session.objects.using("owner").update(last_seen_at=now, expires_at=now + LIFE)
    ApiToken.objects.using("owner").update(expires_at=now + LIFE)


def _connect(folder: Path, organizations: int, *, told: Callable[[str], None]) -> None:
    source = folder / "organizations.csv"
    places = list(Municipality.objects.using("owner").values_list("pk", flat=True))
    with source.open("w", encoding="utf-8", newline="") as file:
        rows = csv.DictWriter(file, COLUMNS)
        rows.writeheader()
        for number in range(1, organizations + 1):
            name = f"Школа № {number}"
            facts = {"full_name": f"Средняя {name}", "short_name": name, "type": "school", "urban_rural": "urban"}
            rows.writerow(facts | {"oktmo": places[number % len(places)], "slug": f"load-{number}"})

    def progress(report: onboarding.RunReport, row: object) -> None:
        if report.done % 50 == 0:
            told(f"подключено организаций: {report.done}")

    preview = onboarding.check(read_table(source), using="owner")
    report = onboarding.run(preview, source_name=source.name, output_dir=folder, progress=progress)
    if len(report.connected) + len(report.already) != organizations:
        raise RuntimeError(f"connected {report.connected} of {organizations}")


def _people(organization: Organization, encoded: str) -> dict[str, Any]:
    """A director and a secretary who have signed in, and a program with the secretary's token."""
    host = f"{organization.slug}.localhost"
    found: dict[str, Any] = {"slug": organization.slug, "host": host, "sessions": {}}
    for role in ("director", "secretary"):
        account = create_account(
            login=f"{role}-{organization.slug}",
            password="",
            encoded=encoded,
            last_name=role.capitalize(),
            first_name="Нагрузка",
            is_one_time=False,
            using="owner",
        )
        grant = give_role(account=account, role=role, organization_id=organization.pk, valid_from=SINCE, using="owner")
        if role == "director":
            save_app(account=account, secret=factor.SECRET, using="owner")
        found["sessions"][role] = _session(account, grant, host)
    found["token"] = secrets.token_urlsafe(32)
    facts = {"digest": digest(found["token"]), "host": host, "account": account}
    ApiToken.objects.using("owner").create(**facts, expires_at=timezone.now() + LIFE)
    return found


def _session(account: Account, grant: RoleGrant, host: str) -> str:
    cookie, now = secrets.token_urlsafe(32), timezone.now()
    Session.objects.using("owner").create(
        digest=digest(cookie),
        host=host,
        account=account,
        grant_id=grant.pk,
        signed_in_at=now,
        factor_passed_at=now,
        expires_at=now + LIFE,
    )
    return cookie


def _content(organization: Organization, orders: int) -> dict[str, Any]:
    """Classes with learners, one employee, and orders of enrollment that wait for the director."""
    with scopes.enter(scopes.of_organization(organization.schema_name).by("load")):
        groups = [factories.group(name) for name in CLASSES]
        keys = bring_students([_child(number) for number in range(LEARNERS + orders)], by="load")
        children = {child.pk: child for child in Student.objects.filter(pk__in=keys)}
        learners, newcomers = keys[:LEARNERS], keys[LEARNERS:]
        for place, group in enumerate(groups):
            factories.enroll(*(children[key] for key in learners[place :: len(groups)]), into=group)
        waiting = [_order(children[key], groups[0], f"{number}-з") for number, key in enumerate(newcomers)]
        member = making.member()
        return {
            "students": [str(key) for key in learners],
            "names": [children[key].last_name for key in learners],
            "groups": [str(group.pk) for group in groups],
            "orders": waiting,
            "member": str(member.pk),
        }


def _order(child: Student, group: Group, number: str) -> str:
    order = factories.draft(child, into=group, number=number)
    return str(send_for_signature(order=order).pk)


def _child(number: int) -> dict[str, object]:
    surname = SURNAMES[number % len(SURNAMES)]
    return {
        "last_name": surname + "аеиоу"[number // len(SURNAMES) % 5],
        "first_name": "Иван",
        "patronymic": "Петрович",
        "birth_date": datetime.date(2015, 1, 1) + datetime.timedelta(days=number),
        "sex": "M",
        "doc_type": "birth_certificate",
        "doc_series": "II-АГ",
        "doc_number": f"{number:06d}",
        "registration_address": f"г. Анапа, ул. Ленина, д. {number + 1}",
        "consent_on": datetime.date(2026, 8, 20),
    }
