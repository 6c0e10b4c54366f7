"""Every address × every role × (own | another organization) answers exactly as the kept table says."""

from __future__ import annotations

import os

import pytest
from django.http import HttpResponse
from django.test import Client

from shared.access.declarations import Access
from shared.ui import views
from tests.architecture import access_table as table
from tests.architecture.addresses import KINDS, Address, addresses_of
from tests.architecture.holders import HOLDERS, STRANGER, Holder, engage, host_of
from tests.support import client_of
from tests.tenants import factories

WRITING = os.environ.get("ASUSO_WRITE_TABLE", "")  # "1": everything anew; "new": the addresses that are not in it
COLUMNS = [STRANGER, *dict.fromkeys(holder.role for holder in HOLDERS)]


@pytest.fixture(autouse=True)
def _bare_refusals(monkeypatch):
    """Twenty thousand answers here are refusals of which only the status counts; how they look is proved elsewhere."""
    monkeypatch.setattr(views, "forbidden", lambda request, exception=None: HttpResponse(status=403))
    monkeypatch.setattr(views, "not_found", lambda request, exception=None: HttpResponse(status=404))


@pytest.fixture
def objects(school):
    """Objects of the school for the addresses that name one."""
    with school.work():
        group = factories.group("5А")
        student = factories.student()
        order = factories.enroll(student, into=group)
    return {"group": group, "values": {"student_id": student.pk, "group_id": group.pk, "order_id": order.pk}}


def cells_of(kind: str, column: str, own: Client, other: Client | None, values: dict[str, str]) -> dict[str, str]:
    """The column of one person on one kind of host."""
    found = {}
    kept = table.read() if WRITING == "new" else {}
    for address in addresses_of(kind):
        if kept.get((kind, str(address)), {}).get(column):
            continue
        cell = table.ask(own, address, {**values, "slug": "school-1"})
        if other is not None:
            cell += "/" + table.ask(other, address, values, ("get",))
        elif "<slug:slug>" in address.route and kind == "municipality":
            cell += "/" + table.ask(own, address, {"slug": "school-2"}, ("get",))
        found[str(address)] = cell
    return found


def check(kind: str, column: str, found: dict[str, str]) -> None:
    """The column is the one of the table; while writing it becomes so."""
    if WRITING:
        rows = table.read() if table.FILE.exists() else {}
        addresses = {str(one): one for one in addresses_of(kind)}
        rows = {key: row for key, row in rows.items() if key[0] != kind or key[1] in addresses}
        for address, cell in found.items():
            row = rows.setdefault((kind, address), {})
            row |= {column: cell, "right": right_of(addresses[address])}
        table.write(rows, COLUMNS)
        return
    kept = {address: row[column] for (host, address), row in table.read().items() if host == kind}
    assert found == kept, "an address or an answer is not in the table: see access_table.py"


def right_of(address: Address) -> str:
    access = address.access or Access("", "workspace")
    return "public" if access.is_public else access.capability or "signed in"


@pytest.mark.proves("R-035", "R-169", "R-280")
@pytest.mark.parametrize("kind", KINDS)
def test_a_stranger(school, other_school, kind):
    values = {"slug": "school-1"}
    check(kind, STRANGER, cells_of(kind, STRANGER, Client(headers={"host": host_of(kind, school)}), None, values))


@pytest.mark.proves("R-035", "R-163", "R-169")
@pytest.mark.parametrize("holder", HOLDERS, ids=lambda holder: f"{holder.kind}-{holder.role}")
def test_a_role(school, other_school, objects, holder: Holder):
    engage(holder, school, objects["group"])
    own = client_of(host_of(holder.kind, school), holder.login)
    other = client_of(other_school.host, holder.login) if holder.kind == "organization" else None
    values = {name: str(value) for name, value in objects["values"].items()}
    found = cells_of(holder.kind, holder.role, own, other, values)
    assert not any("5" in cell for cell in found.values()), {key: cell for key, cell in found.items() if "5" in cell}
    check(holder.kind, holder.role, found)


def test_the_table_has_no_other_rows():
    known = {(kind, str(address)) for kind in KINDS for address in addresses_of(kind)}
    assert set(table.read()) == known


def test_nobody_of_another_organization_gets_an_answer():
    """Whatever the table says, these may never stand in it."""
    for (host, address), row in table.read().items():
        if row["right"] in ("public", "signed in"):
            continue
        for role in COLUMNS:
            _, _, foreign = row[role].partition("/")
            assert "+" not in foreign, f"{host} {address} {role}: {row[role]}"
        assert "+" not in row[STRANGER], f"{host} {address}"


def test_a_view_that_lost_its_right_is_noticed(school, monkeypatch):
    """The mutant: one ``@requires`` replaced by ``@public``; a stranger's column differs from the table at once."""
    lost = next(one for one in addresses_of("organization") if str(one) == "/students/")
    monkeypatch.setattr(lost.view, "access", Access("", "workspace", is_public=True))
    stranger = Client(headers={"host": school.host}, raise_request_exception=False)
    assert table.ask(stranger, lost, {}) != table.read()["organization", "/students/"][STRANGER]


def test_a_view_without_any_declaration_does_not_answer(school, monkeypatch):
    """The mutant: one ``@requires`` removed; the middleware refuses and the walk names the address."""
    lost = next(one for one in addresses_of("organization") if str(one) == "/students/")
    monkeypatch.delattr(lost.view, "access")
    assert client_of(school.host, "anna").get("/students/").status_code == 403
