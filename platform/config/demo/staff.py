"""Employees of the demonstration: everybody who has an account there, and as many others as the groups need.

Their cards come by one COPY a table; names and numbers belong to nobody (``fleet.generation``).
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

from django.db.models import Model
from django.utils import timezone
from stdnum.ru import inn

from config.demo.people import ACTOR, PEOPLE, REGION, SECRETARY, another_of
from config.version import expected_fingerprint
from fleet.generation.naming import patronymic_of, surname_of
from fleet.generation.numbers import Numbers
from fleet.generation.wordlists import FATHERS, FEMALE_NAMES, MALE_NAMES, STREETS, SURNAMES
from shared.accounts.models import Account
from shared.kernel.addresses import normalize_address
from shared.kernel.days import academic_year_of
from shared.kernel.phones import normalize_phone
from shared.organizations.models import Organization
from shared.tenancy import scopes
from shared.tenancy.bulk import copy_rows
from tenants.consents.models import Consent
from tenants.consents.terms import terms_in_force
from tenants.groups.models import Group
from tenants.staff.models import Award, Certification, Diploma, MethodicalWork, StaffMember, StaffTraining
from tenants.staff.services import category_of

SEED: Final = 2026
BY: Final = " ".join(SECRETARY.name)
# Position of everybody who signs in: login → position, in the school and in the other one.
POSTS: Final = {
    "director": "director",
    "deputy": "deputy_uvr",
    "coordinator": "deputy_it",
    "administrator": "electronics",
    "secretary": "secretary",
    "teacher": "teacher",
    "substitute": "teacher",
    "several": "deputy_omr",
}
POSTS_ELSEWHERE: Final = {"several": "teacher"}
MEN: Final = frozenset({"coordinator", "administrator"})
# Type of organization → positions held once, and the position of those who work with groups, so many a group.
STAFFING: Final[Mapping[str, tuple[tuple[str, ...], str, float]]] = {
    "preschool": (
        ("head_preschool", "deputy_ahr", "senior_educator", "music", "pe_instructor", "speech_therapist", "nurse"),
        *("educator", 2.0),
    ),
    "supplementary": (("director", "methodist", "organizer", "secretary"), "suppl_teacher", 0.5),
    "school": (
        ("director", "deputy_uvr", "deputy_ahr", "secretary", "librarian", "psychologist", "social", "organizer"),
        *("teacher", 1.4),
    ),
}
SUBJECTS: Final = (
    *("russian", "literature", "mathematics", "physics", "chemistry", "biology", "history", "geography"),
    *("foreign_language", "informatics", "physical_culture", "music", "kuban_studies"),
)
UNIVERSITIES: Final = ("КубГУ", "Адыгейский государственный университет", "АГПУ", "Кубанский педагогический колледж")
PROGRAMS: Final = ("Обновлённые ФГОС", "Цифровая образовательная среда", "Первая помощь", "Функциональная грамотность")


@dataclass
class Rows:
    """Records by table."""

    rows: dict[type[Model], list[dict[str, Any]]] = field(default_factory=dict)  # Any: columns

    def add(self, one: Model) -> None:
        columns = [known.attname for known in one._meta.concrete_fields if not known.generated]
        self.rows.setdefault(type(one), []).append({name: getattr(one, name) for name in columns})

    def write(self) -> None:
        for model in (StaffMember, Consent, Diploma, StaffTraining, Certification, Award, MethodicalWork):
            copy_rows(model, self.rows.get(model, []))


def create_staff(slug: str) -> None:
    """Once in every organization; one that has employees is left alone."""
    school = Organization.objects.get(slug=slug)
    other = another_of(school)
    with scopes.enter(scopes.of_accounts().by(ACTOR).reading()):
        accounts = dict(Account.objects.filter(login__in=POSTS).values_list("login", "pk"))
    numbers = Numbers()
    connected = Organization.objects.filter(region_id=REGION, fingerprint=expected_fingerprint())
    for organization in connected.select_related("municipality"):
        posts = POSTS if organization == school else POSTS_ELSEWHERE if organization == other else {}
        with scopes.enter(scopes.of_organization(organization.schema_name).by(BY, "", BY)):
            if not StaffMember.objects.exists():
                StaffMaking(organization, numbers, is_main=organization == school).make(posts, accounts)


class StaffMaking:
    """The staff of one organization, the same at every run."""

    def __init__(self, organization: Organization, numbers: Numbers, *, is_main: bool) -> None:
        self._rng = Random(f"{SEED}:{organization.slug}")
        self._organization, self._numbers, self._is_main = organization, numbers, is_main
        self._today, self._now = timezone.localdate(), timezone.now()
        self._rows = Rows()
        self._names: set[str] = set()
        self._hired = 0

    def make(self, posts: Mapping[str, str], accounts: Mapping[str, uuid.UUID]) -> None:
        self._terms = terms_in_force("staff")
        for person in PEOPLE:
            if person.login in posts and person.login in accounts:
                sex = "M" if person.login in MEN else "F"
                self._add(posts[person.login], person.name, sex, account_id=accounts[person.login])
        for number, position in enumerate(self._others(set(posts.values()))):
            sex = "M" if self._rng.random() < 0.15 else "F"
            is_last = self._is_main and number == 0
            self._add(position, self._name(sex), sex, is_sealed=is_last, is_dismissed=number in (3, 17))
        self._rows.write()

    def _others(self, held: set[str]) -> Iterator[str]:
        """Everybody else; a position held once and taken by a person with an account is not doubled."""
        single, teaching, a_group = STAFFING.get(self._organization.org_type, STAFFING["school"])
        groups = Group.objects.of_year(academic_year_of(self._today)).count()
        yield from [teaching] * max(round(groups * a_group), 2)
        yield from (position for position in single if position not in held)

    def _name(self, sex: str) -> tuple[str, str, str]:
        while True:
            surname = surname_of(self._rng.choice(SURNAMES), sex)
            first = self._rng.choice(MALE_NAMES if sex == "M" else FEMALE_NAMES)
            name = (surname, first, patronymic_of(self._rng.choice(FATHERS), sex))
            if " ".join(name) not in self._names:
                self._names.add(" ".join(name))
                return name

    def _add(
        self,
        position: str,
        name: Sequence[str],
        sex: str,
        *,
        account_id: uuid.UUID | None = None,
        is_sealed: bool = False,
        is_dismissed: bool = False,
    ) -> None:
        rng, self._hired = self._rng, self._hired + 1
        born_on = self._day(self._today.year - rng.randint(26, 64))
        worked_from = datetime.date(born_on.year + 22, 8, 15)
        hired_on = datetime.date(rng.randint(max(worked_from.year, self._today.year - 14), self._today.year), 8, 25)
        hired_on = min(hired_on, self._today)
        is_teaching = category_of(position) == "teaching"
        member = StaffMember(
            last_name=name[0],
            first_name=name[1],
            patronymic=name[2],
            birth_date=born_on,
            sex=sex,
            doc_type="passport_rf",
            doc_series="0000",
            doc_number=self._numbers.document(rng, "0000"),
            doc_issued_on=datetime.date(born_on.year + (20 if self._today.year - born_on.year < 45 else 45), 12, 20),
            doc_issued_by="ГУ МВД России по Краснодарскому краю",
            doc_department_code="000-001",
            snils="".join(filter(str.isdigit, self._numbers.snils(rng))),
            inn=self._inn() if rng.random() < 0.8 else "",
            marital_status=rng.choice(("married", "married", "single", "divorced", "")),
            registration_address=self._address(),
            mobile_phone=normalize_phone(f"+7900000{rng.randrange(10**4):04d}"),
            email=f"staff{self._hired}@{self._organization.slug}.example" if rng.random() < 0.7 else "",
            hire_date=hired_on,
            hire_order_no=f"{self._hired}-к",
            hire_order_date=hired_on,
            main_position=position,
            personnel_category=category_of(position),
            qualification_categories=self._qualification() if is_teaching else [],
            experience_total_from=worked_from,
            experience_teaching_from=worked_from if is_teaching else None,
            subjects_taught=rng.sample(SUBJECTS, k=rng.choice((1, 1, 2))) if position == "teacher" else [],
            adult_education_level=rng.choice(("specialist", "specialist", "bachelor", "master", "vocational")),
            consent_on=None if is_sealed else hired_on,
            account_id=account_id,
            created_at=self._now,
            updated_at=self._now,
        )
        if is_dismissed and hired_on < self._today - datetime.timedelta(days=60):
            member.dismissed_on = member.dismissal_order_date = self._today - datetime.timedelta(
                days=rng.randint(5, 50)
            )
            member.dismissal_order_no = f"{self._hired + 40}-к"
        self._rows.add(member)
        if not is_sealed:
            self._consent(member)
            self._rows_of(member, worked_from)

    def _consent(self, member: StaffMember) -> None:
        paper = Consent(
            subject_kind="employee",
            employee_id=member.pk,
            kind="staff",
            terms=self._terms,
            signed_on=member.hire_date,
            signer=member.full_name,
            recorded_by=BY,
            recorded_at=self._now,
        )
        self._rows.add(paper)

    def _rows_of(self, member: StaffMember, worked_from: datetime.date) -> None:
        rng = self._rng
        kept: dict[str, Any] = {"member": member, "recorded_by": BY, "recorded_at": self._now}  # Any: columns
        graduated = datetime.date(worked_from.year, 6, 30)
        number = f"{rng.randrange(10**6, 10**7)}"
        diploma = {"institution": rng.choice(UNIVERSITIES), "level": member.adult_education_level, "number": number}
        speciality = "Педагогическое образование" if member.personnel_category == "teaching" else "Управление"
        self._rows.add(Diploma(**kept, **diploma, speciality=speciality, issued_on=graduated))
        for year in rng.sample(range(self._today.year - 4, self._today.year), k=rng.choice((0, 1, 2))):
            days = {"started_on": datetime.date(year, 3, 1), "ended_on": datetime.date(year, 3, 25)}
            facts = {"program": rng.choice(PROGRAMS), "provider": "ИРО Краснодарского края", "hours": 72}
            self._rows.add(StaffTraining(**kept, **facts, **days, document_no=f"{rng.randrange(10**5)}"))
        self._certification(member, kept)
        if rng.random() < 0.15:
            awarded = datetime.date(self._today.year - rng.randint(1, 6), 10, 5)
            self._rows.add(Award(**kept, name="municipal_diploma", level="municipal", awarded_on=awarded))
        if member.main_position == "teacher" and rng.random() < 0.2:
            year = self._today.year - rng.randint(1, 3)
            work = {"title": "Уроки краеведения на Кубани", "kind": "methodical", "level": "municipal"}
            self._rows.add(MethodicalWork(**kept, **work, year=year))

    def _certification(self, member: StaffMember, kept: Mapping[str, Any]) -> None:
        """The attestation that gave the category."""
        kinds = {"highest": "highest", "first": "first", "fit": "fitness"}
        kind = next((kinds[code] for code in member.qualification_categories if code in kinds), "")
        if not kind:
            return
        decided = datetime.date(self._today.year - self._rng.randint(1, 2), 4, 20)
        order = {"order_no": f"{self._rng.randrange(100, 999)}", "order_date": decided}
        term = decided.replace(year=decided.year + 5) if kind == "fitness" else None
        started = decided - datetime.timedelta(days=60)
        self._rows.add(Certification(**kept, **order, kind=kind, started_on=started, decided_on=decided, valid_to=term))

    def _qualification(self) -> list[str]:
        return self._rng.choice((["highest"], ["first"], ["first"], ["fit"], ["none"], ["highest", "mentor"]))

    def _inn(self) -> str:
        """A test ИНН of a person: region 00."""
        body = f"00{self._rng.randrange(10**8):08d}"
        return body + inn.calc_personal_check_digits(body)

    def _address(self) -> str:
        municipality = self._organization.municipality
        center = municipality.center or municipality.name if municipality else "г. Краснодар"
        return normalize_address(f"{center}, ул. {self._rng.choice(STREETS)}, д. {self._rng.randint(1, 90)}")

    def _day(self, year: int) -> datetime.date:
        return datetime.date(year, self._rng.randint(1, 12), self._rng.randint(1, 28))
