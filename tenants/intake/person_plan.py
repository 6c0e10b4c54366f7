"""Learners and their guardians as a file tells them: one record out of all rows of a learner. Source: INTERFACES 5."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from shared.classifiers.catalog import load_catalog
from shared.kernel.days import written
from shared.kernel.identifiers import format_snils
from shared.kernel.ids import new_id
from shared.kernel.names import sort_key
from tenants.consents.models import Consent
from tenants.intake import fields as f
from tenants.intake.fields import PlaceRow
from tenants.intake.known import PERSONAL, Known, Learner, Tie
from tenants.intake.models import Verdict
from tenants.intake.place_plan import APPLIED, NOT_APPLIED
from tenants.intake.plan import Plan, Read
from tenants.people.models import Guardian, GuardianLink, Student

FLAGS: Final = ("health_limits", "disability")
_SEXES: Final = {"M": "М", "F": "Ж"}
_CLASSIFIERS: Final = {"citizenship": "country", "doc_type": "document_type"}


@dataclass(frozen=True, slots=True)
class _Relative:
    """A guardian as a row names him; he is the same in all rows when his name and phone are."""

    last_name: str
    first_name: str
    patronymic: str
    phone: str
    relation: str

    @property
    def key(self) -> tuple[str, str]:
        # Exactly what the generated column ``sort_name`` holds.
        return sort_key(f"{self.last_name} {self.first_name} {self.patronymic}"), self.phone


class PersonPlan:
    """Creates, brings back and compares learners, after their places are decided."""

    def __init__(self, known: Known, plan: Plan, *, update: bool) -> None:
        self._guardians = known.guardians
        self._agreed = known.agreed
        self._plan = plan
        self._update = update

    def settle(self, learner: Learner, reads: Sequence[Read], *, consent_on: datetime.date) -> None:
        """Everything the rows of one learner say of him; ``reads`` are those that were not refused or sealed."""
        rows = [read.row for read in reads if read.row is not None]
        facts = merge(rows)
        facts["consent_on"] = facts["consent_on"] or consent_on
        if learner.is_live:
            _warn_about_disagreement(reads, facts)
            self._compare(learner, facts, reads[0])
            self._compare_guardians(learner, rows, reads[0])
        elif any(read.verdict == Verdict.ACCEPTED for read in reads):
            _warn_about_disagreement(reads, facts)
            if learner.is_hidden:
                self._plan.restore(Student, learner.id, **facts, consent_withdrawn_on=None)
            else:
                self._plan.create(Student, learner.id, **facts, consent_withdrawn_on=None, is_annulled=False)
            self._consent(student_id=learner.id, kind="student", consent_on=facts["consent_on"])
            relatives = _relatives(rows)
            for relative in relatives:
                self._tie(learner, relative)
            for relative in relatives[:1]:  # the paper of the file is signed by the first of them
                self._agree_guardian(self._guardian(relative), facts["consent_on"])

    def _compare(self, learner: Learner, facts: dict[str, Any], read: Read) -> None:
        held = learner.facts or {}
        for column, (_, header) in PERSONAL.items():
            value = facts[column]
            if value == held[column] or (value in ("", None) and column not in FLAGS):
                continue
            if column in learner.papers:
                read.differs(header, "В системе «да» по документам, в файле «нет». Снимают в особых сведениях.")
                continue
            tail = APPLIED if self._update else NOT_APPLIED
            read.differs(header, f"В системе «{_text(column, held[column])}», в файле «{_text(column, value)}». {tail}")
            if self._update:
                self._plan.set(Student, learner.id, **{column: (held[column], value)})
                if column == "consent_on" and learner.consent_id is not None:
                    self._plan.set(Consent, learner.consent_id, signed_on=(held[column], value))

    def _compare_guardians(self, learner: Learner, rows: Sequence[PlaceRow], read: Read) -> None:
        known = {(tie.sort_name, tie.phone): tie for tie in learner.ties}
        for relative in _relatives(rows):
            tie = known.get(relative.key)
            if tie and relative.relation in ("", tie.relation):
                continue
            namesake = next((tie for tie in learner.ties if tie.sort_name == relative.key[0]), None)
            if tie is None and namesake and not relative.phone:
                continue  # the row does not know the phone that the system knows
            tail = APPLIED if self._update else NOT_APPLIED
            name = f"{relative.last_name} {relative.first_name}".strip()
            read.differs(f.GUARDIAN_SURNAME, f"В файле другие сведения о представителе: «{name}». {tail}")
            if self._update:
                self._update_tie(learner, relative, tie or namesake)

    def _update_tie(self, learner: Learner, relative: _Relative, tie: Tie | None) -> None:
        if tie is None:
            self._tie(learner, relative)
            return
        guardian_id = self._guardian(relative)
        old_id = self._guardians[tie.sort_name, tie.phone]
        values: dict[str, tuple[Any, Any]] = {}
        if guardian_id != old_id:
            values["guardian_id"] = (old_id, guardian_id)
        if relative.relation and relative.relation != tie.relation:
            values["relation"] = (tie.relation, relative.relation)
        self._plan.set(GuardianLink, tie.id, **values)

    def _tie(self, learner: Learner, relative: _Relative) -> None:
        guardian_id = self._guardian(relative)
        sort_name, phone = relative.key
        if any((tie.sort_name, tie.phone) == (sort_name, phone) for tie in learner.ties):
            return
        tie = Tie(new_id(), sort_name, phone, relative.relation)
        learner.ties.append(tie)
        self._plan.create(
            GuardianLink, tie.id, student_id=learner.id, guardian_id=guardian_id, relation=relative.relation
        )

    def _guardian(self, relative: _Relative) -> uuid.UUID:
        key = relative.key
        if key not in self._guardians:
            self._guardians[key] = new_id()
            self._plan.create(
                Guardian,
                self._guardians[key],
                last_name=relative.last_name,
                first_name=relative.first_name,
                patronymic=relative.patronymic,
                phone=relative.phone,
                consent_on=None,
                consent_withdrawn_on=None,
            )
        return self._guardians[key]

    def _agree_guardian(self, guardian_id: uuid.UUID, consent_on: datetime.date) -> None:
        """His first consent; one that he has withdrawn no file brings back."""
        if guardian_id in self._agreed:
            return
        self._agreed.add(guardian_id)
        self._plan.set(Guardian, guardian_id, consent_on=(None, consent_on))
        self._consent(guardian_id=guardian_id, kind="guardian", consent_on=consent_on)

    def _consent(
        self,
        *,
        kind: str,
        consent_on: datetime.date,
        student_id: uuid.UUID | None = None,
        guardian_id: uuid.UUID | None = None,
    ) -> None:
        self._plan.create(
            Consent,
            new_id(),
            subject_kind="learner" if student_id else "guardian",
            student_id=student_id,
            guardian_id=guardian_id,
            kind=kind,
            signed_on=consent_on,
        )


def merge(rows: Sequence[PlaceRow]) -> dict[str, Any]:
    """One record of several rows: the first that says something decides; «да» of any row is «да»."""
    facts: dict[str, Any] = {}
    for column, (attribute, _) in PERSONAL.items():
        values = [getattr(row, attribute) for row in rows]
        facts[column] = any(values) if column in FLAGS else next((value for value in values if value), values[0])
    return facts


def _warn_about_disagreement(reads: Sequence[Read], facts: dict[str, Any]) -> None:
    for read in reads[1:]:
        for column, (attribute, header) in PERSONAL.items():
            value = getattr(read.row, attribute)
            if column not in (*FLAGS, "consent_on") and value not in ("", None) and value != facts[column]:
                read.warn(
                    header,
                    f"В строке {reads[0].number} у этого же ученика указано «{_text(column, facts[column])}», "
                    f"здесь «{_text(column, value)}». Принято первое значение.",
                )


def _relatives(rows: Sequence[PlaceRow]) -> list[_Relative]:
    found: dict[tuple[str, str], _Relative] = {}
    for row in rows:
        if row.guardian_surname:
            relative = _Relative(
                row.guardian_surname,
                row.guardian_name,
                row.guardian_patronymic,
                row.guardian_phone,
                row.guardian_relation,
            )
            found.setdefault(relative.key, relative)
    return list(found.values())


def _text(column: str, value: Any) -> str:
    match value:
        case "" | None:
            return "не указано"
        case bool():
            return "да" if value else "нет"
        case datetime.date():
            return written(value)
    if column == "snils":
        return format_snils(value)
    if column in _CLASSIFIERS and value in load_catalog()[_CLASSIFIERS[column]]:
        return load_catalog().label(_CLASSIFIERS[column], value)
    return _SEXES.get(value, str(value)) if column == "sex" else str(value)
