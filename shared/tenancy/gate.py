"""The gate of writing transactions: who may write now, asked where nobody can pass by. Source: R-279.

Every writing scope asks it once, in the message that states role and schema, so it costs no round trip. While a
maintenance break holds the place, the function makes the transaction READ ONLY: that is the database's word. What
stands here beside it is courtesy: a statement that would be refused is not sent, so the transaction stays usable and a
form comes back filled. A transaction that was let through keeps a shared lock to its end; a break takes effect when
none of those is left (``shared.maintenance.services.settle``).
"""

from __future__ import annotations

import datetime
import re
from typing import Final

from django.db import connections
from django.utils import timezone
from psycopg import sql

from shared.kernel.rules import RuleViolation
from shared.tenancy.names import PUBLIC, is_organization_schema

LOCK_CLASS: Final = 7_120_010
WHOLE: Final = 0  # the place of everything that is no single organization
SHORTEST_WAIT, USUAL_WAIT, LONGEST_WAIT = 30, 300, 3600
_WRITING: Final = re.compile(
    r"\s*(insert|update|delete|merge|copy|truncate)\b"
    r"|\s*with\b.*\b(insert\s+into|update|delete\s+from|merge\s+into)\b"
    r"|.*\bfor\s+(no\s+key\s+update|update|key\s+share|share)\b",
    re.IGNORECASE | re.DOTALL,
)


class HeldByBreak(RuleViolation):
    """A write during a maintenance break. Facts: ``until``, the words of the expected end, and ``wait``, seconds."""

    code = "maintenance_break"
    text = (
        "Идёт технологический перерыв{until}: сведения можно смотреть, но не менять. "
        "Действие не выполнено, повторите его после перерыва."
    )

    @property
    def wait(self) -> int:
        """When to try again: what ``Retry-After`` says."""
        return int(str(self.facts["wait"]))


def refusal(ends_at: datetime.datetime | None, expected_at: datetime.datetime | None) -> HeldByBreak:
    """The refusal of a break that ends then, as announced, or is expected to."""
    return HeldByBreak(until=until_words(ends_at, expected_at), wait=_wait(ends_at or expected_at))


def until_words(ends_at: datetime.datetime | None, expected_at: datetime.datetime | None) -> str:
    """« до 15:30 (23.11.2026)» as announced, «, ожидаемое окончание …», or '' while nobody knows."""
    now = timezone.now()
    if ends_at is not None:
        return f", окончание объявлено на {_moment(ends_at)}"
    if expected_at is not None and expected_at > now:
        return f", ожидаемое окончание {_moment(expected_at)}"
    return ""


def is_writing(statement: object) -> bool:
    """Whether a READ ONLY transaction would refuse the statement; of composed ones only the server knows."""
    return isinstance(statement, str) and _WRITING.match(statement) is not None


def question(schema: str) -> sql.Composed:
    """What a writing transaction of this schema asks: held or not, and until when."""
    return sql.SQL("SELECT is_held, ends_at, expected_at FROM public.maintenance_gate({})").format(
        sql.Literal(place_of(schema))
    )


def pass_gate(*, using: str) -> None:
    """The same question for what writes as ``owner`` and is no command of the operator. Raises: HeldByBreak."""
    with connections[using].cursor() as cursor:
        cursor.execute(question(PUBLIC))
        is_held, ends_at, expected_at = cursor.fetchone()
    if is_held:
        raise refusal(ends_at, expected_at)


def place_of(schema: str) -> int:
    """The number of the schema's organization; ``WHOLE`` of the public schema."""
    return int(schema[1:]) if is_organization_schema(schema) else WHOLE


def _moment(moment: datetime.datetime) -> str:
    local, today = timezone.localtime(moment), timezone.localdate()
    return f"{local:%H:%M}" if local.date() == today else f"{local:%d.%m.%Y %H:%M}"


def _wait(moment: datetime.datetime | None) -> int:
    if moment is None:
        return USUAL_WAIT
    return min(max(round((moment - timezone.now()).total_seconds()), SHORTEST_WAIT), LONGEST_WAIT)
