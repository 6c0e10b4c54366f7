"""A login from a name: «Жукова Анна Львовна» → zhukova-al, the next of that name zhukova-al2."""

from __future__ import annotations

import itertools

from slugify import slugify

from shared.accounts.models import Account

LONGEST = 40


def suggest_login(*, last_name: str, first_name: str, patronymic: str = "") -> str:
    """A free login in Latin letters; the database has the last word when two are made at once. Source: R-018."""
    letters = "".join(slugify(name)[:1] for name in (first_name, patronymic) if name)
    base = "-".join(filter(None, [slugify(last_name)[:LONGEST], letters])) or "user"
    taken = set(Account.objects.filter(login__startswith=base).values_list("login", flat=True))
    tried = itertools.chain([base], (f"{base}{number}" for number in itertools.count(2)))
    return next(login for login in tried if login not in taken)
