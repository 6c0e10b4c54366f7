"""An engineer inside an organization: what his case opens, and how the organization's staff learn of him."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject, Now
from django.utils.dateparse import parse_datetime

from shared.access.rights import Reach, Right, capabilities_of, matrix
from shared.access.roles import Role
from shared.access.support.models import SupportCase
from shared.accounts.models import Account

IDENTITY: Final = frozenset({"students.identity", "staff.identity"})
REASONS: Final = {
    SupportCase.State.EXPIRED: "его срок истёк",
    SupportCase.State.SPENT: "число разрешённых строк исчерпано",
    SupportCase.State.CLOSED: "организация его закрыла",
}
NOT_ENGINEER: Final = "вы больше не работаете у оператора"


@dataclass(frozen=True, slots=True)
class CaseInside:
    """The case under which a request works. ``id`` is the number that everybody quotes and the log keeps.

    ``ended`` says why it opens nothing any more, '' while it is in force.
    """

    id: int
    key: uuid.UUID
    ends_at: datetime.datetime
    rows_left: int
    ended: str = ""


@dataclass(frozen=True, slots=True)
class Visitor:
    """An engineer who may be looking at the organization's data now, as its staff are told."""

    number: int
    name: str
    ends_at: datetime.datetime


def case_of(
    account: Account, organization_id: uuid.UUID, chosen: uuid.UUID | None, *, held: Iterable[str]
) -> CaseInside | None:
    """The case a session was opened by, if ``chosen`` is one of this account here; ``held`` are his present roles."""
    if chosen is None:
        return None
    case = SupportCase.objects.filter(pk=chosen, organization=organization_id, taken_by=account).first()
    if case is None:
        return None
    ended = REASONS.get(case.state, "") or ("" if Role.OPERATOR in held else NOT_ENGINEER)
    return CaseInside(case.number, case.pk, case.ends_at, case.rows_left, ended)


@cache
def support_rights() -> Mapping[str, Right]:
    """What the role ``support`` may: what the matrix file gives it, but never to change, nor identity and special data.

    The file alone could be edited to give more; this cannot.
    """
    rows = matrix().values()
    changing = {name for row in rows for name in (*row.edit, *row.remark, *row.propose)}
    special = {name for row in rows if row.is_special for name in row.read}
    allowed = capabilities_of(Role.SUPPORT) - changing - special - IDENTITY
    return {name: Right(Reach.ALL) for name in allowed}


def visitors() -> ArraySubquery:
    """Cases under which an engineer has entered the organization of a grant, for the query that loads grants."""
    inside = SupportCase.objects.in_force(Now()).filter(organization=OuterRef("organization"), entered_at__isnull=False)
    facts = JSONObject(
        number="number",
        ends_at="ends_at",
        last_name="taken_by__last_name",
        first_name="taken_by__first_name",
        patronymic="taken_by__patronymic",
    )
    return ArraySubquery(inside.values(facts=facts))


def visitor_in(found: list[dict[str, Any]]) -> Visitor | None:  # Any: what JSON holds
    """The engineer in the answer of ``visitors``; at most one case of an organization is open."""
    for facts in found:
        name = " ".join(filter(None, (facts["last_name"], facts["first_name"], facts["patronymic"])))
        ends_at = parse_datetime(facts["ends_at"])
        if ends_at is not None:
            return Visitor(facts["number"], name, ends_at)
    return None
