"""Remarks of the levels above, inside the organization: read by who watches the data, answered by who leads. R-160."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from shared.access.declarations import requires
from shared.access.requests import actor_of
from shared.kernel.rules import RuleViolation
from shared.quality.forms import AnswerForm
from shared.quality.models import Remark
from shared.quality.services import answer_remark
from tenants.quality.cards import sees_everything


@requires("quality.read")
@require_safe
def remarks(request: HttpRequest) -> HttpResponse:
    """Every remark on this organization's data; they concern the whole, so who watches only his classes sees none."""
    every = Remark.objects.all() if sees_everything(actor_of(request)) else Remark.objects.none()
    context = {
        "remarks": every,
        "today": timezone.localdate(),
        "may_answer": actor_of(request).may("quality.answer"),
    }
    return render(request, "quality/remarks.html", context)


@requires("quality.answer")
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, remark_id: uuid.UUID) -> HttpResponse:
    """What was done about a remark; the authority sees it at once."""
    remark = get_object_or_404(Remark, pk=remark_id)
    form = AnswerForm(request.POST) if request.method == "POST" else AnswerForm()
    refusal = ""
    if request.method == "POST" and form.is_valid():
        try:
            answer_remark(remark_id=remark.pk, answer=form.cleaned_data["answer"], by=actor_of(request).signature)
        except RuleViolation as violation:
            refusal = str(violation)
        else:
            messages.success(request, f"Ответ отправлен: {remark.authority_name}. Решение появится здесь же.")
            return redirect("quality:remarks")
    context = {"form": form, "remark": remark, "refusal": refusal}
    return render(request, "quality/answer.html", context, status=422 if request.method == "POST" else 200)
