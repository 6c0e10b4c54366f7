"""What the pages of papers share: who prints, where a paper is verified, which learners a person reaches."""

from __future__ import annotations

import uuid

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from shared.access.requests import actor_of, note_look
from tenants.papers.printing import Printer
from tenants.papers.register import READ
from tenants.people.models import Student
from tenants.people.places import with_places

CARD: str = "students.read"


def printer_of(request: HttpRequest) -> Printer:
    actor = actor_of(request)
    return Printer(account_id=actor.account_id, signature=actor.signature)


def check_address(request: HttpRequest) -> str:
    """The page of verification of this organization, as a paper names it."""
    return request.build_absolute_uri(reverse("check:form"))


def learner(request: HttpRequest, student_id: uuid.UUID, capability: str = READ) -> Student:
    """A learner of whom this person may print: the right to papers and the right to the card both reach him."""
    actor = actor_of(request)
    reached = Student.objects.known().seen_by(actor, capability).seen_by(actor, CARD)
    return get_object_or_404(with_places(reached), pk=student_id)


def note_print(request: HttpRequest, student: Student, what: str) -> None:
    """The log and the family's page of looks name the paper."""
    note_look(request, student.pk, what, action="printed")


def status_of(request: HttpRequest) -> int:
    """A form shown in answer to a POST is a refusal: success redirects or gives a file."""
    return 422 if request.method == "POST" else 200
