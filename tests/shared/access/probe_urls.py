"""Addresses of an organization's host for the tests of the middleware: each view does one thing to a transaction."""

from __future__ import annotations

import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from rest_framework.exceptions import ValidationError
from rest_framework.views import APIView

from config.urls import organization
from config.urls.common import handler400, handler403, handler404, handler500  # noqa: F401
from shared.access.declarations import requires
from tenants.people.models import Student

WORK = "home.view"


def write(name: str) -> Student:
    return Student.objects.create(
        last_name=name,
        first_name="Иван",
        birth_date=datetime.date(2015, 1, 1),
        sex="M",
        consent_on=datetime.date(2026, 1, 1),
    )


@requires(WORK)
def saves(request: HttpRequest) -> HttpResponse:
    write("Сохранённый")
    return HttpResponse("ok")


@requires(WORK)
def faults(request: HttpRequest) -> HttpResponse:
    write("Сбойный")
    request.session["seen"] = "before the fault"
    raise RuntimeError("a fault of the test")


@requires(WORK)
def absent(request: HttpRequest) -> HttpResponse:
    write("Ненайденный")
    raise Http404


@requires(WORK)
def refuses(request: HttpRequest) -> HttpResponse:
    write("Черновой")
    return HttpResponse("исправьте", status=422)


class Refusing(APIView):
    def post(self, request: HttpRequest) -> HttpResponse:
        write("Неверный")
        raise ValidationError({"name": ["Так не бывает."]})


def unmarked(request: HttpRequest) -> HttpResponse:
    return HttpResponse("открыто всем")


urlpatterns = [
    path("saves/", saves),
    path("faults/", faults),
    path("absent/", absent),
    path("refuses/", refuses),
    path("api/refusing/", requires(WORK)(Refusing.as_view())),
    path("unmarked/", unmarked),
    *organization.urlpatterns,
]
