"""Representatives: the list, the card, their children. Source: R-010, R-190 … R-193, R-382."""

from __future__ import annotations

import uuid
from typing import Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shared.access.declarations import requires
from shared.access.requests import actor_of
from shared.access.searches import posted_address
from shared.access.support.showing import shows_people
from shared.classifiers.catalog import load_catalog
from shared.documents.downloads import workbook_answer
from shared.kernel.days import academic_year_of
from shared.kernel.rules import RuleViolation
from tenants.cards.room_forms import Desk
from tenants.cards.successors import leads_on
from tenants.groups.models import Group
from tenants.people.card import GUARDIAN_CARD, STUDENT_CARD
from tenants.people.cards import former_lines
from tenants.people.former import take_addresses_of
from tenants.people.forms import ADDRESS_FIELDS
from tenants.people.guardian_forms import GuardianForm, relations
from tenants.people.guardian_listing import ACCOUNT, COLUMNS, CONSENT, GuardianLine, GuardianListing, children_of
from tenants.people.guardians import add_guardian, change_relation, link_guardian, unlink_guardian
from tenants.people.likeness import guardians_alike
from tenants.people.menus import file_menu
from tenants.people.models import Guardian, GuardianLink, Student

FILTERS: Final = ("group", "consent", "account", "sort")
TITLE: Final = "Список родителей (законных представителей)"


@requires("guardians.read")
@require_http_methods(["GET", "POST"])
def guardian_list(request: HttpRequest) -> HttpResponse:
    """The list; a POST carries the search line and the filters and answers with their address."""
    if request.method == "POST":
        chosen = [name for name in FILTERS if request.POST.get(name)]
        return redirect(f"{reverse('parents:list')}?{posted_address(request, chosen)}")
    listing = GuardianListing(request)
    page = listing.page()
    shows_people(request, len(page))
    context: dict[str, object] = {"listing": listing, "page_obj": page, "lines": list(listing.lines(page))}
    if request.htmx:  # type: ignore[attr-defined]
        template = "people/_guardian_results.html"
    else:
        template = "people/guardian_list.html"
        groups = Group.objects.of_year(academic_year_of(timezone.localdate()))
        context |= {"consents": CONSENT, "accounts": ACCOUNT, "groups": groups, **file_menu(request, "guardians.edit")}
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@requires("lists.export")
@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """The same list as a file, without documents, telephones and addresses."""
    listing = GuardianListing(request)
    return workbook_answer(
        request, title=TITLE, columns=COLUMNS, rows=listing.everything(), filters=listing.filters_text
    )


@requires("guardians.read")
@leads_on("guardian_id", GUARDIAN_CARD)
@require_GET
def card(request: HttpRequest, guardian_id: uuid.UUID) -> HttpResponse:
    """The card of a representative; without his consent the name and the children alone."""
    actor = actor_of(request)
    reached = Guardian.objects.seen_by(actor, "guardians.read").prefetch_related(children_of(actor))
    guardian = get_object_or_404(reached, pk=guardian_id)
    shows_people(request, 1, subject_kind="people_guardian", subject_id=guardian.pk)
    may_edit = _may_edit(request, guardian)
    links = list(guardian.links.all())
    for link in links:
        link.offered = relations("Не указано", keep=[link.relation])  # type: ignore[attr-defined]
    context = {
        "guardian": guardian,
        "consent_url": f"{reverse('consents:new', args=[guardian.links.all()[0].student_id])}?subject={guardian.pk}",
        "line": GuardianLine(guardian, links),
        "former": [] if guardian.is_sealed else former_lines(guardian),
        "may_edit": may_edit,
        "may_identify": Guardian.objects.seen_by(actor, "students.identity").filter(pk=guardian.pk).exists(),
        "may_students": actor.may("students.read"),
        "may_record": actor.may("consent.record"),
        "may_consents": actor.may("consent.read"),
    }
    return render(request, "people/guardian_card.html", context)


@requires("guardians.edit")
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, student_id: uuid.UUID) -> HttpResponse:
    """One more representative of a child: a known person is looked for first, one person is one record."""
    student = get_object_or_404(Student.objects.known().seen_by(actor_of(request), "guardians.edit"), pk=student_id)
    desk = Desk.of(request, STUDENT_CARD.code, student.pk, "new_guardian")
    if desk.is_asked:
        return desk.answer(GuardianForm())
    action, text = request.POST.get("do", ""), request.POST.get("q", "")
    form = GuardianForm(request.POST if action == "create" else None)
    refusal = ""
    if action.startswith("link:"):
        refusal = _tie(request, student, action.removeprefix("link:"))
    elif action == "create":
        _create(request, student, form)
    if action and action != "find" and not refusal and not form.errors:
        if action == "create":
            desk.clear()
        return redirect("people:card", student_id=student.pk)
    known = guardians_alike(text, among=Guardian.objects.seen_by(actor_of(request), "guardians.read"))
    context = {"student": student, "form": form, "known": known, "text": text.strip(), "asked": action == "find"}
    context |= {"relations": relations("Выберите"), "refusal": refusal, "draft": desk.restore(form)}
    return render(request, "people/guardian_add.html", context, status=422 if refusal or form.errors else 200)


@requires("guardians.edit")
@require_POST
def relation(request: HttpRequest, guardian_id: uuid.UUID, link_id: uuid.UUID) -> HttpResponse:
    """How the representative is related to one of his children. Source: R-192."""
    link, chosen = _link_of(request, guardian_id, link_id), request.POST.get("relation", "")
    if chosen not in dict(load_catalog().choices("guardian_relation", keep=[link.relation])):
        messages.error(request, "Выберите степень родства из списка.")
    else:
        change_relation(link=link, relation=chosen)
        messages.success(request, f"Степень родства изменена: {link.student}.")
    return redirect("parents:card", guardian_id=guardian_id)


@requires("guardians.edit")
@require_POST
def unlink(request: HttpRequest, guardian_id: uuid.UUID, link_id: uuid.UUID) -> HttpResponse:
    """He does not represent this child; his card stays while another child of his is here."""
    link = _link_of(request, guardian_id, link_id)
    try:
        unlink_guardian(link=link)
    except RuleViolation as violation:
        messages.error(request, str(violation))
        return redirect("parents:card", guardian_id=guardian_id)
    messages.success(request, f"{link.guardian} больше не указан представителем: {link.student}.")
    return redirect("people:card", student_id=link.student_id)


@requires("guardians.edit")
@require_POST
def take_addresses(request: HttpRequest, guardian_id: uuid.UUID, link_id: uuid.UUID) -> HttpResponse:
    """«Как у ребёнка»: the child's addresses become the representative's. Source: ORGANIZATION 2.4."""
    link = _link_of(request, guardian_id, link_id)
    reached = Student.objects.seen_by(actor_of(request), "students.identity").filter(is_address_protected=False)
    student = get_object_or_404(reached, pk=link.student_id)
    try:
        take_addresses_of(
            guardian=link.guardian,
            student=student,
            today=timezone.localdate(),
            recorded_by=actor_of(request).signature,
        )
    except RuleViolation as violation:
        messages.error(request, str(violation))
    else:
        messages.success(request, "Адреса взяты из карточки ребёнка.")
    return redirect("parents:card", guardian_id=guardian_id)


def _create(request: HttpRequest, student: Student, form: GuardianForm) -> None:
    """A new person; errors of the form tell why not."""
    if not form.is_valid():
        return
    addresses = {} if student.is_address_protected else {name: getattr(student, name) for name in ADDRESS_FIELDS}
    facts = form.facts(addresses=addresses)
    try:
        add_guardian(student=student, facts=facts, recorded_by=actor_of(request).signature)
    except RuleViolation as violation:
        form.refuse(violation)
    else:
        messages.success(request, f"Представитель добавлен: {facts.last_name} {facts.first_name}.")


def _tie(request: HttpRequest, student: Student, key: str) -> str:
    """A known person represents this child too; the refusal in words, or ''."""
    chosen = request.POST.get(f"relation-{key}", "")
    if chosen not in dict(load_catalog().choices("guardian_relation")):
        return "Выберите, кем этот человек приходится ребёнку."
    reached = Guardian.objects.seen_by(actor_of(request), "guardians.read")
    try:
        guardian = get_object_or_404(reached, pk=uuid.UUID(key))
    except ValueError:
        raise Http404 from None
    try:
        link_guardian(student=student, guardian=guardian, relation=chosen)
    except RuleViolation as violation:
        return str(violation)
    messages.success(request, f"Представитель добавлен: {guardian}.")
    return ""


def _link_of(request: HttpRequest, guardian_id: uuid.UUID, link_id: uuid.UUID) -> GuardianLink:
    reached = Student.objects.known().seen_by(actor_of(request), "guardians.edit")
    links = GuardianLink.objects.select_related("guardian", "student").filter(student__in=reached)
    return get_object_or_404(links, pk=link_id, guardian_id=guardian_id)


def _may_edit(request: HttpRequest, guardian: Guardian) -> bool:
    actor = actor_of(request)
    if not actor.may("guardians.edit"):
        return False
    return Guardian.objects.seen_by(actor, "guardians.edit").filter(pk=guardian.pk).exists()
