"""The one question an organization may ask the registry about a stranger's child: is he known elsewhere, yes or no."""

from __future__ import annotations

import datetime

from django.db import connection

from shared.kernel.names import sort_key


def is_known_elsewhere(*, snils: str, last_name: str, first_name: str, birth_date: datetime.date | None) -> bool | None:
    """Whether another organization has handed up a person of this СНИЛС, or of this name and birth date.

    None: too little is said to ask. The answer names no organization; who asks is counted and logged by the view.
    """
    name = sort_key(f"{last_name} {first_name}") if last_name and first_name and birth_date else ""
    if not snils and not name:
        return None
    with connection.cursor() as cursor:
        cursor.execute("select contingent_known_elsewhere(%s, %s, %s)", [snils, name, birth_date])
        return bool(cursor.fetchone()[0])
