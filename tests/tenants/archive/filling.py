"""An organization with something in every part of its archive, and the archive as a stranger reads it."""

from __future__ import annotations

import csv
import datetime
import hashlib
import io
import itertools
import json
import subprocess
import sys
import uuid
import zipfile
from pathlib import Path

from django.db import transaction
from pypdf import PdfReader

from shared.documents import store
from shared.messaging.models import TaskOutbox
from shared.messaging.services import run_wanted
from shared.tenancy.connection import tenant_connection
from tenants.archive.tasks import make_package
from tenants.consents.models import Consent
from tenants.consents.services import withdraw
from tenants.files.models import StoredFile
from tenants.organization.models import OrganizationDocument
from tenants.people.models import Guardian, GuardianLink
from tenants.people.special import edit_special
from tenants.people.special_facts import DeviantFacts, Marks, SpecialFacts
from tenants.staff.models import StaffMember
from tests.support import School, connect, person
from tests.tenants import factories
from tests.tenants.staff import making

D = datetime.date
CHARTER = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
ILLNESS, STREET, PHONE, SNILS = "канареечный диабет", "ул. Канареечная, д. 7", "+79001112233", "11223344595"
BLOCKED, SEALED_STREET = "Канарейкина", "ул. Закрытая, д. 5"
_places = itertools.count(1)
YEAR = {"kind": "year", "year": "2026", "term": "25"}


def fill() -> None:
    """In the organization's scope: six learners in two classes, one gone, one blocked; two guardians, two employees."""
    known = factories.student(
        last_name="=Антипова", first_name="Вера", snils=SNILS, registration_address=f"г. Анапа, {STREET}", phone=PHONE
    )
    others = [factories.student(last_name=name) for name in ("Борисов", "Волков", "Громов")]
    gone, blocked = factories.student(last_name="Ушедший"), factories.student(last_name=BLOCKED)
    factories.enroll(known, *others, gone, blocked, into=factories.group("5А"), number="12-у")
    factories.enroll(factories.student(last_name="Мухин"), into=factories.group("6Б"), number="13-у")
    factories.withdraw(gone, day=D(2026, 10, 1), number="5-в")
    edit_special(
        student=known,
        facts=SpecialFacts(health_group="3", diseases=ILLNESS),
        deviant=[DeviantFacts(kind="school_register", registered_from=D(2026, 9, 5), basis="решение совета")],
        restrictions={},
        marks=Marks(health_limits=True),
        edited_by="С",
        reason="личное дело",
    )
    for name, consent, address in (("Согласная", D(2026, 9, 1), "ул. Открытая"), ("Закрытая", None, SEALED_STREET)):
        one = Guardian.objects.create(last_name=name, phone=f"+7900{name}", address=address, consent_on=consent)
        GuardianLink.objects.create(student=known, guardian=one, relation="mother")
    making.member(last_name="Открытов", residence_address="ул. Работная, д. 1")
    closed = making.member(last_name="Запечатов", residence_address="ул. Тихая, д. 2")
    StaffMember.objects.filter(pk=closed.pk).update(consent_withdrawn_on=D(2026, 11, 2))
    digest = hashlib.sha256(CHARTER).hexdigest()
    store.put(tenant_connection().scope.schema, digest, CHARTER)
    facts = {"content_type": "application/pdf", "purpose": "organization_document", "made_by": "С"}
    kept = StoredFile.objects.create(sha256=digest, size=len(CHARTER), name="устав.pdf", **facts)
    lost = StoredFile.objects.create(sha256="0" * 64, size=1, name="утрачен.pdf", **facts)
    for kind, file in (("charter", kept), ("license", lost)):
        OrganizationDocument.objects.create(kind=kind, number="7", issued_on=D(2026, 9, 2), file=file, added_by="С")
    paper = Consent.objects.current().processing_of_learners().get(student=blocked)
    withdraw(consent=paper, withdrawn_on=D(2026, 11, 2), reason="заявление", recorded_by="С")


def place(*roles: str) -> School:
    """A filled organization with people ``<role>-<slug>``."""
    slug = f"archive-{next(_places)}-{uuid.uuid4().hex[:6]}"
    school = connect(slug, full_name="Средняя школа № 7 города Анапы")
    for role in roles:
        person(f"{role}-{slug}", role, school=school)
    with school.work():
        fill()
    return school


def work(school: School) -> bool:
    """The worker takes the next order of the organization; False when there is none."""
    with transaction.atomic():
        wish = TaskOutbox.objects.filter(organization_id=school.organization.pk, name=make_package.name).first()
    return wish is not None and run_wanted(wish)


class Archive:
    """An archive as a file: its members, tables, texts."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.file = zipfile.ZipFile(io.BytesIO(content))
        self.manifest = json.loads(self.file.read("manifest.json"))

    def table(self, code: str) -> list[dict[str, str]]:
        text = self.file.read(f"csv/{code}.csv").decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))

    def text(self, path: str) -> str:
        pages = PdfReader(io.BytesIO(self.file.read(path))).pages
        return " ".join(" ".join(page.extract_text() for page in pages).replace("\u00a0", " ").split())

    def everything(self) -> str:
        """All tables and all prints as one text."""
        names = self.file.namelist()
        tables = [self.file.read(name).decode("utf-8-sig") for name in names if name.endswith(".csv")]
        return "\n".join([*tables, *(self.text(name) for name in names if name.startswith("pdf/"))])


def verify(
    target: Path, *more: str, program: Path | None = None, bare: bool = True
) -> subprocess.CompletedProcess[str]:
    """``verify.py`` as a stranger runs it: without site packages, without this project."""
    flags = ["-I", "-S"] if bare else ["-I"]
    command = [sys.executable, *flags, str(program or target / "verify.py"), str(target), *more]
    environment = {"PYTHONIOENCODING": "utf-8"}
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=environment, check=False)
