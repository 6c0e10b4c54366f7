"""What for a level above looks at persons: stated once, kept for an hour of work, recorded with every look.

Source: MUNICIPALITY 2, REGION 4.
"""

from __future__ import annotations

import time
from typing import Final

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from shared.access.declarations import signed_in
from shared.kernel.problems import wants_problem

KEPT_SECONDS: Final = 60 * 60
HEADER: Final = "X-Purpose"
LONGEST: Final = 200
SESSION_KEY: Final = "purpose"
PURPOSES: Final = {
    "contingent": "Сверка контингента",
    "movement": "Проверка движения обучающихся",
    "forms": "Проверка статистической отчётности",
    "appeal": "Обращение гражданина",
    "control": "Контроль организации по плану",
    "request": "Запрос суда, прокуратуры, комиссии по делам несовершеннолетних",
}


class PurposeForm(forms.Form):
    """One of the usual purposes and the document it rests on."""

    purpose = forms.ChoiceField(label="Цель просмотра", choices=list(PURPOSES.items()), widget=forms.RadioSelect)
    basis = forms.CharField(
        label="Основание",
        max_length=120,
        required=False,
        help_text="Номер и дата обращения, запроса или плана. Имён и номеров документов людей не указывайте.",
    )

    @property
    def text(self) -> str:
        """The purpose as the log keeps it."""
        return ": ".join(filter(None, [PURPOSES[self.cleaned_data["purpose"]], self.cleaned_data["basis"].strip()]))


def purpose_of(request: HttpRequest) -> str:
    """The purpose in force: stated on this host within the hour, or in the header of an API request; '' if none."""
    if wants_problem(request):
        stated = request.headers.get(HEADER, "").strip()
        return stated.encode("latin-1", "ignore").decode("utf-8", "ignore")[:LONGEST]
    kept = request.session.get(SESSION_KEY) or {}
    return str(kept.get("text", "")) if kept.get("until", 0) > time.time() else ""


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def state_purpose(request: HttpRequest) -> HttpResponse:
    """Ask what for, then go on to the page that was wanted."""
    form = PurposeForm(request.POST or None)
    wanted = request.POST.get("next") or request.GET.get("next") or "/"
    following = wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}) else "/"
    if request.method == "POST" and form.is_valid():
        request.session[SESSION_KEY] = {"text": form.text, "until": time.time() + KEPT_SECONDS}
        return redirect(following)
    status = 422 if request.method == "POST" else 200
    return render(request, "access/purpose.html", {"form": form, "next": following}, status=status)
