"""The living catalog of components. It is wired into URLs in development only."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from shared.ui.kit import kit_context


def kit(request: HttpRequest) -> HttpResponse:
    """Every component in every state on one page, to look at after a change of the kit."""
    return render(request, "ui/kit.html", kit_context())


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """A known page without the right to it."""
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """A page that does not exist, or must look so."""
    return render(request, "404.html", status=404)


def fault(request: HttpRequest) -> HttpResponse:
    """A fault: the person sees a number to quote, the cause stays in the log."""
    return HttpResponse(render_to_string("500.html"), status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form is too old to be trusted; what was typed stays in the browser."""
    return render(request, "403_csrf.html", status=403)
