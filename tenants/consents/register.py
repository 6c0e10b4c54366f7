"""The register of consents: lines for the screen, the file and the paper (report R12 of ORGANIZATION 17)."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.db.models import QuerySet

from shared.access.actors import Actor
from shared.classifiers.catalog import load_catalog
from shared.documents.columns import Column, Value
from tenants.consents.forms import STATES
from tenants.consents.models import KINDS, Consent, SubjectKind
from tenants.consents.queries import EXPIRES_SOON
from tenants.people.models import BLOCKED_NAME, GuardianLink, Student

PAGE_SIZE: Final = 50
COLUMNS: Final = (
    Column("№ п/п", 6, "int"),
    Column("Ф.И.О.", 34),
    Column("Чьи данные", 20),
    Column("Вид", 34),
    Column("Кто подписал", 28),
    Column("Дата", 12, "date"),
    Column("Номер", 12),
    Column("Срок", 12, "date"),
    Column("Отозвано", 12, "date"),
    Column("Состояние", 18),
)


@dataclass(frozen=True, slots=True)
class Line:
    """A consent, or its absence."""

    name: str
    subject: str
    kind: str
    state: tuple[str, str]
    student_id: uuid.UUID | None = None
    guardian_id: uuid.UUID | None = None
    consent: Consent | None = None


class Register:
    """What an address asks for, as far as the person's right reaches."""

    def __init__(self, actor: Actor, *, kind: str, state: str, today: datetime.date) -> None:
        self._actor = actor
        self.kind = kind
        self.state = state
        self._today = today

    @property
    def found(self) -> QuerySet[Consent] | QuerySet[GuardianLink]:
        """Consents, or — of the state «нет» — links of guardians who have given none."""
        if self.state == "none":
            return self._missing()
        found = Consent.objects.current().seen_by(self._actor, "consent.read")
        if self.kind:
            found = found.filter(kind=self.kind)
        if self.state:
            found = found.in_state(self.state, self._today)
        return found.select_related("student", "guardian").order_by("-signed_on", "-id")

    def lines(self, page: object) -> Iterator[Line]:
        for one in page:  # type: ignore[attr-defined]
            yield self._absent(one) if isinstance(one, GuardianLink) else self._line(one)

    def everything(self) -> Iterator[list[Value]]:
        for number, line in enumerate(self.lines(self.found), start=1):
            one = line.consent
            row: list[Value] = [number, line.name, line.subject, line.kind]
            if one is None:
                row += ["", None, "", None, None]
            else:
                row += [one.signer, one.signed_on, one.number, one.valid_until, one.withdrawn_on]
            yield [*row, line.state[1]]

    @property
    def filters_text(self) -> str:
        words = [dict(KINDS).get(self.kind, ""), dict(STATES).get(self.state, ""), f"на {self._today:%d.%m.%Y}"]
        return f"Отбор: {', '.join(filter(None, words))}"

    def _missing(self) -> QuerySet[GuardianLink]:
        """Guardians without a consent of their own: drafts. Learners have none only as sealed rows of imports."""
        students = Student.objects.known().seen_by(self._actor, "consent.read")
        found = GuardianLink.objects.filter(student__in=students, guardian__consent_on=None)
        if self.kind not in ("", "guardian"):
            found = found.none()
        return found.select_related("student", "guardian").order_by("guardian__sort_name", "id")

    def _line(self, one: Consent) -> Line:
        return Line(
            name=self._name(one),
            subject=str(SubjectKind(one.subject_kind).label),
            kind=load_catalog().label("consent_kind", one.kind),
            state=self.state_of(one),
            student_id=one.student_id,
            consent=one,
        )

    def _absent(self, link: GuardianLink) -> Line:
        return Line(
            name=str(link.guardian),
            subject=str(SubjectKind.GUARDIAN.label),
            kind=load_catalog().label("consent_kind", "guardian"),
            state=("warn", "Нет согласия"),
            student_id=link.student_id,
            guardian_id=link.guardian_id,
        )

    def _name(self, one: Consent) -> str:
        if one.student is not None:
            return one.student.real_name if self._actor.may("consent.blocked") else one.student.full_name
        if one.guardian is not None:
            return str(one.guardian)
        return one.signer or BLOCKED_NAME

    def state_of(self, one: Consent) -> tuple[str, str]:
        """Kind and words of the status mark."""
        return state_of(one, self._today)


def state_of(one: Consent, today: datetime.date) -> tuple[str, str]:
    """Kind and words of the status mark of a consent."""
    if one.withdrawn_on is not None:
        return "bad", f"Отозвано {one.withdrawn_on:%d.%m.%Y}"
    if not one.is_current:
        return "idle", "Заменено новым"
    if one.valid_until is None:
        return "ok", "Действует"
    if one.valid_until < today:
        return "bad", "Истекло"
    if one.valid_until <= today + EXPIRES_SOON:
        return "warn", f"Истекает {one.valid_until:%d.%m.%Y}"
    return "ok", "Действует"
