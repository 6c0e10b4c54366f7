"""Employees: the list, the panel, the card. Source: R-007, R-180 … R-184, R-249."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shared.access.declarations import requires
from shared.access.requests import actor_of, note_look
from shared.access.searches import posted_address
from shared.access.support.showing import shows_people
from shared.access.throttles import throttled
from shared.classifiers.catalog import load_catalog
from shared.documents.downloads import table_answer
from tenants.cards.successors import leads_on
from tenants.staff.card import STAFF_CARD
from tenants.staff.filters import Standing
from tenants.staff.forms import DismissForm, ReinstateForm
from tenants.staff.listing import COLUMNS, StaffLine, StaffListing
from tenants.staff.looks import MASKED_FORMER, SHOWN_FORMER, former_text, works_of
from tenants.staff.models import FormerValue, StaffMember
from tenants.staff.reach import gives_access, has_for_everybody, reached_member, reaches
from tenants.staff.timeline import timeline

FILTERS = ("status", "position", "category", "qualification", "sort")
TITLE = "Список работников"


@requires("staff.read")
@require_http_methods(["GET", "POST"])
def staff_list(request: HttpRequest) -> HttpResponse:
    """The list; a POST carries the search line and the filters and answers with their address.

    Whose right reaches his own card alone is led to it.
    """
    if not has_for_everybody(request, "staff.read"):
        return redirect("staff:me")
    if request.method == "POST":
        chosen = [name for name in FILTERS if request.POST.get(name) or name == "status"]  # its emptiness means «all»
        return redirect(f"{reverse('staff:list')}?{posted_address(request, chosen)}")
    listing = StaffListing(request)
    page = listing.page()
    shows_people(request, len(page))
    may_edit = has_for_everybody(request, "staff.edit")
    context: dict[str, Any] = {"listing": listing, "page_obj": page, "lines": list(listing.lines(page))}
    context["may_edit"] = may_edit
    if request.htmx:  # type: ignore[attr-defined]
        template = "staff/_results.html"
    else:
        template = "staff/list.html"
        book = load_catalog()
        context |= {
            "statuses": Standing.choices,
            "positions": book.choices("staff_position"),
            "categories": book.choices("personnel_category"),
            "qualifications": book.choices("qualification_category"),
            "may_import": may_edit,
            "may_take": may_edit and has_for_everybody(request, "lists.export"),
            "file_query": f"?{request.GET.urlencode()}" if request.GET else "",
            "may_give_access": gives_access(request),
        }
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@requires("lists.export")
@require_GET
def export(request: HttpRequest, extension: str) -> HttpResponse:
    """The same list as a file; only for whom the list itself is open."""
    if not has_for_everybody(request, "staff.read"):
        raise Http404
    listing = StaffListing(request)
    return table_answer(
        request, extension, title=TITLE, columns=COLUMNS, rows=listing.everything(), filters=listing.filters_text
    )


@requires("staff.read")
@leads_on("member_id", STAFF_CARD)
@require_GET
def peek(request: HttpRequest, member_id: uuid.UUID) -> HttpResponse:
    """The panel beside the list."""
    member = reached_member(request, member_id, "staff.read")
    shows_people(request, 1, subject_kind="staff", subject_id=member.pk)
    return render(request, "staff/_peek.html", {"line": StaffLine(member, timezone.localdate())})


@requires("staff.read")
@leads_on("member_id", STAFF_CARD)
@require_GET
def card(request: HttpRequest, member_id: uuid.UUID) -> HttpResponse:
    """The card: its common sections come by themselves; of a sealed one the name and the position stand alone."""
    member = reached_member(request, member_id, "staff.read")
    shows_people(request, 1, subject_kind="staff", subject_id=member.pk)
    context: dict[str, Any] = {
        "line": StaffLine(member, timezone.localdate()),
        "member": member,
        "sees_everybody": has_for_everybody(request, "staff.read"),
        "dismiss_form": DismissForm(initial={"dismissed_on": timezone.localdate()}),
        "reinstate_form": ReinstateForm(),
        **_rights(request, member),
    }
    if not member.is_sealed:
        former = list(member.former_values.all())
        context |= {
            "works": works_of(member),
            "former": [row for row in former if row.kind in SHOWN_FORMER],
            "masked_former": MASKED_FORMER,
            "events": timeline(member, former),
        }
    return render(request, "staff/card.html", context)


@requires("staff.read")
@require_GET
def me(request: HttpRequest) -> HttpResponse:
    """One's own card, found by the account."""
    own = StaffMember.objects.known().filter(account_id=actor_of(request).account_id).first()
    return redirect("staff:card", member_id=own.pk) if own else render(request, "staff/no_card.html")


@requires("staff.identity")
@throttled("reveal")
@require_POST
def reveal_former(request: HttpRequest, member_id: uuid.UUID, row_id: uuid.UUID) -> HttpResponse:
    """A former document or address."""
    member = reached_member(request, member_id, "staff.identity")
    row = get_object_or_404(FormerValue, pk=row_id, member=member, kind__in=MASKED_FORMER)
    if member.is_sealed:
        raise Http404
    note_look(request, member.pk, f"former_{row.kind}", kind=StaffMember._meta.db_table)
    return HttpResponse(former_text(row), content_type="text/plain; charset=utf-8")


def _rights(request: HttpRequest, member: StaffMember) -> dict[str, bool]:
    """What the card offers; each is asked again by the view it leads to."""
    return {
        "may_reveal": reaches(request, member, "staff.identity"),
        "may_add_works": reaches(request, member, "staff.edit"),
        "may_manage": has_for_everybody(request, "staff.edit"),
        "may_consent": has_for_everybody(request, "consent.record"),
        "may_give_access": gives_access(request),
    }
