"""Taking away a list of many people: a second person agrees first, then it may be taken once within a day.

Source: R-053 («export and bulk view are rights, and are logged»).
"""

from __future__ import annotations

import datetime
from typing import Final

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from shared.access.actors import Actor
from shared.access.approvals.errors import RequestStale
from shared.access.approvals.forms import AskForm
from shared.access.approvals.kinds import Kind
from shared.access.approvals.models import Approval
from shared.access.approvals.services import OneUse, Signer, ask, place_of
from shared.access.dues import owe
from shared.access.requests import actor_of
from shared.access.support.showing import note_page
from shared.kernel.text import NBSP, plural, thousands

BULK_EXPORT: Final = Kind(
    "lists.export.bulk", "Выгрузка большого списка", ask="lists.export", decide="approvals.decide"
)
USABLE: Final = datetime.timedelta(hours=24)
GROWTH: Final = 1.1  # a list that has grown by more since it was approved is another list
SALT: Final = "asuso.bulk_export"
FORM_SECONDS: Final = 60 * 60


def second_signature(request: HttpRequest, *, title: str, rows: int) -> HttpResponse | None:
    """None when the list may leave now; otherwise the page that asks for a second person, or says he is asked.

    The address of the list is what is approved: it holds codes and ids, no personal data.
    """
    if rows <= settings.BULK_EXPORT_PERSONS:
        return None
    actor, address = actor_of(request), request.get_full_path()
    mine = Approval.objects.of(place_of(actor)).filter(
        kind=BULK_EXPORT.code, asked_by=str(actor.account_id), arguments__address=address
    )
    since = timezone.now() - USABLE
    for approved in mine.usable(since):
        if rows <= approved.arguments["rows"] * GROWTH:
            owe(request, OneUse(approved.pk, approved.number, since))
            return None
    note_page(request, "refused", code="second_signature")
    sealed = signing.dumps([str(actor.account_id), address, title, rows], salt=SALT, compress=True)
    context = {
        "title": "Нужна вторая подпись",
        "list_title": title,
        "rows": rows,
        "limit": settings.BULK_EXPORT_PERSONS,
        "waiting": mine.waiting().first(),
        "form": AskForm(initial={"sealed": sealed}) if actor.may(BULK_EXPORT.ask) else None,
    }
    return render(request, "approvals/needed.html", context, status=403)


def ask_for_export(actor: Actor, *, sealed: str, reason: str) -> Approval:
    """The request of the page above; what it asks for was sealed by us. Raises: RequestStale."""
    try:
        account, address, title, rows = signing.loads(sealed, salt=SALT, max_age=FORM_SECONDS)
    except signing.BadSignature as fault:
        raise RequestStale from fault
    if account != str(actor.account_id) or not actor.may(BULK_EXPORT.ask):
        raise RequestStale
    return ask(
        BULK_EXPORT,
        place=place_of(actor),
        by=Signer.of(actor),
        subject=f"{title}: {thousands(rows)}{NBSP}{plural(rows, 'строка,строки,строк')}",
        reason=reason,
        arguments={"address": address, "rows": rows},
        same=[str(actor.account_id), address],
    )


def address_to_take(approval: Approval, actor: Actor) -> str:
    """Where the asker takes an approved list now; '' when there is nothing to take, or it is not his."""
    is_mine = approval.kind == BULK_EXPORT.code and approval.asked_by == str(actor.account_id)
    is_usable = approval.decision == Approval.Decision.APPROVED and approval.executed_at is None
    if not is_mine or not is_usable or approval.decided_at is None:
        return ""
    return str(approval.arguments["address"]) if approval.decided_at >= timezone.now() - USABLE else ""
