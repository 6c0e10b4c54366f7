"""A school, its copy of yesterday, and what has happened to the school since."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.test import Client, override_settings

import fleet.tasks  # noqa: F401 - what the worker knows
import tenants.recovery.tasks  # noqa: F401 - what the worker knows
from fleet.backups.comparing import offer_copy
from fleet.backups.reading import open_package
from fleet.backups.restoring import restore_beside
from fleet.backups.writing import back_up
from shared.access.approvals.models import Approval
from shared.copies.models import OfferedCopy
from shared.documents.uploads import CheckedUpload
from shared.messaging.models import TaskOutbox
from shared.messaging.services import run_wanted
from shared.organizations.models import Organization
from shared.tenancy import scopes
from tenants.consents.blocking import decide_blocked
from tenants.consents.models import Consent
from tenants.consents.services import withdraw
from tenants.files.services import store_upload
from tenants.handup.projector import settle
from tenants.handup.services import hand_up_everything
from tenants.orders.models import Enrollment, OrderRow, Placement
from tenants.people.models import Achievement, Guardian, GuardianLink, Student, StudentSpecial
from tenants.recovery.models import Difference
from tests.platform.fleet.backups.conftest import SCAN, run, sha_of  # noqa: F401 - the command is a fixture
from tests.support import School, client_of, connect, person
from tests.tenants import factories


@dataclass
class Place:
    """A school of one test with its people and, when it is made, its copy."""

    school: School
    folder: Path
    offer: OfferedCopy | None = None
    copy_slug: str = ""
    made: dict[str, Client] = field(default_factory=dict)

    @property
    def slug(self) -> str:
        return self.school.organization.slug

    def work(self, actor: str = "tests") -> Any:
        return self.school.work(actor)

    def person(self, role: str) -> Client:
        """A person of the school, signed in; made when he is first needed."""
        if role not in self.made:
            login = f"{role[:8]}-{self.slug}"[:30]
            person(login, role, school=self.school)
            self.made[role] = client_of(self.school.host, login)
        return self.made[role]

    def copy(self) -> str:
        """A backup of this moment, restored beside; its address."""
        record = back_up(self.school.organization, self.folder, by="tests")
        slug = f"{self.slug}-k{uuid.uuid4().hex[:3]}"
        with open_package(self.folder / record.file) as package:
            restore_beside(package, slug, of=self.slug, is_live=False, by="tests")
        self.copy_slug = slug
        return slug

    def compare(self) -> OfferedCopy:
        self.offer = offer_copy(self.copy_slug, by="tests")
        return self.offer

    def found_of(self, *families: Family, **facts: object) -> list[Difference]:
        """What differs of these learners and of their representatives."""
        people = {key for one in families for key in (one.student.pk, one.guardian.pk)}
        return [one for one in self.found(**facts) if people & set(one.people)]

    def found(self, **facts: object) -> list[Difference]:
        assert self.offer is not None
        with scopes.enter(scopes.of_organization(self.school.organization.schema_name).reading()):
            return list(Difference.objects.of(self.offer.pk).filter(**facts))

    def url(self, tail: str = "") -> str:
        assert self.offer is not None
        return f"/recovery/{self.offer.pk}/{tail}"

    def ask(self, client: Client, *, reason: str = "пропали по ошибке", **chosen: object) -> Approval:
        """Through the pages: «Вернуть выбранные», then the request."""
        page = client.post(self.url("chosen/"), chosen)
        assert page.status_code == 200, page.content.decode()
        keys = page.context["keys"]
        special = {"with_special": "on"} if "with_special" in chosen else {}
        answer = client.post(self.url("ask/"), {"id": keys, "reason": reason, **special})
        assert answer.status_code == 302, answer.content.decode()
        return Approval.objects.using("owner").get(pk=answer.headers["Location"].rstrip("/").rpartition("/")[2])

    def approve(self, approval: Approval, client: Client | None = None) -> Approval:
        """Through the page of the second signature; then the worker does what it finds."""
        director = client or self.person("director")
        answer = director.post(f"/approvals/{approval.pk}/decide/", {"decision": "approved", "reason": ""})
        assert answer.status_code == 302, answer.content.decode()
        work_off(f"{approval.pk}")
        approval.refresh_from_db(using="owner")
        return approval


def work_off(text: str) -> None:
    """Run what waits in the task outbox for this request or organization, as the worker would."""
    for wish in TaskOutbox.objects.filter(name__startswith="recovery.").order_by("wanted_at"):
        if text in str(wish.arguments) or text == str(wish.organization_id):
            assert run_wanted(wish), wish.name


@pytest.fixture(scope="module", autouse=True)
def _own_files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with override_settings(FILES_ROOT=tmp_path_factory.mktemp("files")):
        yield


@dataclass
class Family:
    """One learner with everything that hangs on him."""

    student: Student
    guardian: Guardian
    link: GuardianLink
    achievement: Achievement


def furnish(place: Place, last_name: str, *, group: str = "5А", **facts: object) -> Family:
    """A learner with a representative, an achievement, special facts; in the registry."""
    with place.work():
        student = factories.student(last_name=last_name, **facts)
        factories.enroll(student, into=factories.group(group))
        guardian = Guardian.objects.create(last_name=last_name, first_name="Мария", phone=f"+7918{student.doc_number}0")
        link = GuardianLink.objects.create(student=student, guardian=guardian, relation="mother")
        achievement = Achievement.objects.create(
            student=student, kind="olympiad", title="Олимпиада", level="school", gained_on="2026-05-01", recorded_by="с"
        )
        StudentSpecial.objects.create(student=student, health_group="2", updated_by="медсестра")
    return Family(student, guardian, link, achievement)


def lose(place: Place, family: Family) -> None:
    """Everything of a learner deleted from the tables, as no page of the product does it."""
    with place.work():
        student = family.student
        Placement.objects.filter(enrollment__student=student).delete()
        OrderRow.objects.filter(student=student).delete()
        Enrollment.objects.filter(student=student).delete()
        Consent.objects.filter(student=student).delete()
        for model in (GuardianLink, Achievement, StudentSpecial):
            model.objects.filter(student=student).delete()
        Guardian.objects.filter(pk=family.guardian.pk).delete()
        Student.objects.filter(pk=student.pk).delete()
        hand_up_everything()
    settle(place.school.organization)


def scan(place: Place, name: str = "скан.pdf") -> Any:
    with place.work():
        upload = CheckedUpload(SCAN, name, "application/pdf", sha_of(SCAN))
        return store_upload(upload, purpose="achievement", uploaded_by=None, made_by="секретарь")


def settled(folder: Path) -> Place:
    """A school that is connected now."""
    slug = f"r-{uuid.uuid4().hex[:8]}"
    connect(slug, ogrn=f"1{slug[2:]:0>12}"[:13], kpp="230301001", inn="2303010010")
    return Place(School(Organization.objects.using("owner").get(slug=slug)), folder / "copies")


@pytest.fixture
def place(committed: object, tmp_path: Path) -> Place:
    """A school of one test."""
    return settled(tmp_path)


def withdraw_by(student: Student, day: datetime.date = datetime.date(2026, 11, 20)) -> None:
    """The consent of a learner withdrawn, as the register does it."""
    consent = Consent.objects.get(student=student, kind="student", is_current=True)
    withdraw(consent=consent, withdrawn_on=day, reason="заявление", recorded_by="секретарь")


def destroy(place: Place, family: Family) -> None:
    """The consent withdrawn and the data destroyed by an act."""
    with place.work():
        withdraw_by(family.student)
        decide_blocked(
            student=family.student,
            decision="destroy",
            ground="согласие отозвано",
            act_number="7",
            decided_on=datetime.date(2026, 11, 21),
            decided_by="директор",
        )
