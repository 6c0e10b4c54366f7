"""The table of every address × role × (own | another organization) → answer, kept in ``access_table.csv``.

A cell has the answers to GET and POST at home, then, after a slash, to GET with another organization: on the host of
another organization (for staff and families), or for another organization's name in the address (for an office).
``+`` answered, ``-`` refused for want of the right (403), ``0`` does not exist (404), ``>`` sent to sign in,
``?`` sent to the second factor, the password or the purpose, ``!`` 401. The table is written anew by
``ASUSO_WRITE_TABLE=1 pytest tests/architecture/test_access_table.py`` (``=new``: only rows that are not in it yet);
look at what changed before keeping it.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from tests.architecture.addresses import Address

FILE = Path(__file__).with_name("access_table.csv")
METHODS = ("get", "post")
FIXED = ("host", "address", "right")


def answer(response: HttpResponse) -> str:
    """One sign for an answer."""
    if response.status_code in (301, 302):
        target = response.headers["Location"]
        if target.startswith("/login/?"):
            return ">"
        return "?" if target.startswith(("/second-factor/", "/password/?", "/purpose/?")) else "+"
    return {401: "!", 403: "-", 404: "0"}.get(response.status_code, "5" if response.status_code >= 500 else "+")


def ask(client: Client, address: Address, values: Mapping[str, str], methods: tuple[str, ...] = METHODS) -> str:
    """Answers to GET and POST; whatever they did is undone."""
    signs = ""
    for method in methods:
        with transaction.atomic():
            signs += answer(getattr(client, method)(address.path(values)))
            transaction.set_rollback(True)
    return signs


def read() -> dict[tuple[str, str], dict[str, str]]:
    """The kept table: (host, address) → role → cell, with ``right`` among the roles."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return {(row["host"], row["address"]): row for row in csv.DictReader(file)}


def write(rows: Mapping[tuple[str, str], Mapping[str, str]], roles: list[str]) -> None:
    with FILE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [*FIXED, *roles], lineterminator="\n", restval="")
        writer.writeheader()
        for (host, address), cells in sorted(rows.items()):
            writer.writerow({"host": host, "address": address, **cells})
