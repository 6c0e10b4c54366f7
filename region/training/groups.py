"""Groups of users of the training host: which role each is, and of what place. Source: SAM 1.5, 2.3, 2.4."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db import models

from shared.access.roles import Role
from shared.organizations.models import AuthorityKind


class Subject(models.TextChoices):
    """What a claim asks to confirm: the place of work, or the right to a group."""

    EMPLOYMENT = "employment", "Место работы"
    MINISTRY = "ministry_worker", "Работник министерства"
    TERRITORY = "territory_worker", "Работник территориального управления министерства"
    CITY = "city_worker", "Работник департамента образования городского округа"
    AGENCY = "agency_worker", "Работник иного органа исполнительной власти"
    PROVIDER = "provider", "Работник организации-организатора курсов"
    RESPONSIBLE = "org_responsible", "Ответственный работник образовательной организации"


@dataclass(frozen=True, slots=True)
class Group:
    """``authorities``: kinds of bodies a worker of the group serves in; none means his own organization."""

    role: Role
    authorities: frozenset[str] = frozenset()


GROUPS: Final = {
    Subject.MINISTRY: Group(Role.TRAINING_MINISTRY, frozenset({AuthorityKind.EDUCATION_MINISTRY})),
    Subject.TERRITORY: Group(
        Role.TRAINING_TERRITORY, frozenset({AuthorityKind.TERRITORIAL_OFFICE, AuthorityKind.MUNICIPAL_EDUCATION})
    ),
    Subject.CITY: Group(
        Role.TRAINING_CITY, frozenset({AuthorityKind.CITY_DEPARTMENT, AuthorityKind.MUNICIPAL_EDUCATION})
    ),
    Subject.AGENCY: Group(
        Role.TRAINING_AGENCY,
        frozenset({AuthorityKind.CULTURE_MINISTRY, AuthorityKind.SPORT_MINISTRY, AuthorityKind.COSSACK_DEPARTMENT}),
    ),
    Subject.PROVIDER: Group(Role.TRAINING_PROVIDER),
    Subject.RESPONSIBLE: Group(Role.TRAINING_RESPONSIBLE),
}
GROUP_CHOICES: Final = [(subject.value, subject.label) for subject in GROUPS]
GROUP_ROLES: Final = frozenset(group.role for group in GROUPS.values())
