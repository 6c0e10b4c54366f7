"""Measures of the school: its regulation, a review of rights, an incident that was reported in time and closed."""

from __future__ import annotations

import datetime
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Final

from django.utils import timezone

from config.demo.people import ADMINISTRATOR, DIRECTOR
from shared.documents.imprint import Imprint
from shared.documents.papers import Part, render_paper
from shared.documents.uploads import CheckedUpload, check_upload
from shared.organizations.models import Organization
from shared.tenancy import scopes
from tenants.files.services import store_upload
from tenants.security.forms import REGULATION_FILE
from tenants.security.models import RightsReview
from tenants.security.regulations import REGULATION
from tenants.security.services import IncidentFacts, close_incident, put_regulation, record_incident, record_review

BY: Final = " ".join(ADMINISTRATOR.name)
HEAD: Final = " ".join(DIRECTOR.name)
TITLE: Final = "Положение о защите персональных данных"
POINTS: Final = (
    "1. Положение действует для всех работников, которые обрабатывают персональные данные обучающихся, "
    "родителей (законных представителей) и работников.",
    "2. Данные вносят в систему после письменного согласия и только те, что нужны для названной в нём цели.",
    "3. Права доступа дают по приказу и пересматривают каждый год.",
    "4. О каждом инциденте работник сообщает ответственному сразу, как узнал о нём.",
)


def create_security(slug: str) -> None:
    """Once: a school that has reviewed its rights is left alone."""
    school = Organization.objects.get(slug=slug)
    today = timezone.localdate()
    with scopes.enter(scopes.of_organization(school.schema_name).by(BY, "", BY)):
        if RightsReview.objects.exists():
            return
        year = today.year if today.month > 9 else today.year - 1
        approved_on = datetime.date(year, 8, 28)
        file = store_upload(_regulation(school), purpose=REGULATION, uploaded_by=None, made_by=BY)
        put_regulation(number="39-од", approved_on=approved_on, file=file, added_by=BY)
        record_review(
            reviewed_on=datetime.date(year, 9, 15),
            order_number="52-од",
            order_date=datetime.date(year, 9, 15),
            note="завершены три назначения уволенных работников",
            recorded_by=BY,
        )
        _incident(timezone.now() - datetime.timedelta(days=20), today)


def _incident(found_at: datetime.datetime, today: datetime.date) -> None:
    facts = IncidentFacts(
        found_at=found_at,
        description="Список класса с телефонами родителей отправлен по почте не тому адресату.",
        data_categories="имена обучающихся, имена и телефоны родителей",
        people_count=27,
        measures="Адресат удалил письмо и подтвердил это, отправитель прошёл инструктаж.",
        notified_at=found_at + datetime.timedelta(hours=6),
        findings_sent_at=found_at + datetime.timedelta(hours=50),
    )
    incident = record_incident(facts=facts, recorded_by=BY)
    close_incident(incident=incident, closed_on=today - datetime.timedelta(days=15), closed_by=HEAD)


def _regulation(school: Organization) -> CheckedUpload:
    """The document as a school would upload it, through the same door.

    A process of its own makes it: the web processes are forked from this one, and in a fork of a process that has
    already used Typst the next document waits for ever for threads that were not inherited.
    """
    imprint = Imprint(organization=school.full_name, title=TITLE, made_at=timezone.localtime(), executor=BY)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as apart:
        content = apart.submit(render_paper, imprint, [Part(paragraphs=POINTS)], ["Руководитель"]).result()
    return check_upload(content, f"{TITLE}.pdf", REGULATION_FILE)
