"""System roles: data of ``data/roles.yaml``. Source: ORGANIZATION 4, MUNICIPALITY 10, REGION 11."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from django.db.models import TextChoices

from shared.kernel.data import read_yaml

DATA: Final = Path(__file__).parent / "data"
COLUMNS: Final = ("adm", "crd", "dir", "dep", "sec", "tch", "cls", "soc", "med", "stu", "par")


class Role(TextChoices):
    """System roles, apart from staff positions; their facts are ``role_facts``."""

    OPERATOR = "operator", "Оператор системы"
    SUPPORT = "support", "Служба поддержки"
    REGION_ADMIN = "region_admin", "Региональный администратор"
    MINISTRY_HEAD = "ministry_head", "Руководитель министерства"
    MINISTRY_SPECIALIST = "ministry_specialist", "Специалист министерства"
    REGION_REGISTRY_OPERATOR = "region_registry_operator", "Оператор регионального реестра"
    REGION_ADMISSIONS_OPERATOR = "region_admissions_operator", "Региональный оператор зачисления"
    REGION_SECURITY_OFFICER = "region_security_officer", "Ответственный за безопасность"
    ROIV_HEAD = "roiv_head", "Руководитель органа управления"
    ROIV_SPECIALIST = "roiv_specialist", "Специалист органа управления"
    TRAINING_OPERATOR = "training_operator", "Оператор системы «Кадры»"
    EDUCATION_WORKER = "education_worker", "Работник образования"
    TRAINING_MINISTRY = "training_ministry", "Работник министерства"
    TRAINING_TERRITORY = "training_territory", "Работник территориального управления"
    TRAINING_CITY = "training_city", "Работник департамента городского округа"
    TRAINING_AGENCY = "training_agency", "Работник иного органа власти"
    TRAINING_PROVIDER = "training_provider", "Работник организатора курсов"
    TRAINING_RESPONSIBLE = "training_responsible", "Ответственный работник организации"
    AUDITOR = "auditor", "Аудитор"
    MUN_HEAD = "mun_head", "Руководитель МОУО"
    MUN_ADMIN = "mun_admin", "Муниципальный администратор"
    MUN_SPECIALIST = "mun_specialist", "Специалист муниципального органа"
    MUN_QUEUE_OPERATOR = "mun_queue_operator", "Оператор очереди"
    MUN_METHODIST = "mun_methodist", "Муниципальный методист"
    ORG_ADMIN = "org_admin", "Администратор"
    COORDINATOR = "coordinator", "Координатор"
    DIRECTOR = "director", "Директор, заведующий"
    DEPUTY_UVR = "deputy_uvr", "Заместитель директора по УВР"
    DEPUTY_OTHER = "deputy_other", "Заместитель директора (ОМР, АХР, ИТ)"
    SECRETARY = "secretary", "Секретарь, специалист по кадрам"
    TEACHER = "teacher", "Учитель"
    CLASS_TEACHER = "class_teacher", "Классный руководитель"
    EDUCATOR = "educator", "Воспитатель"
    SUPPL_TEACHER = "suppl_teacher", "Педагог дополнительного образования"
    METHODIST = "methodist", "Методист"
    SOCIAL_TEACHER = "social_teacher", "Социальный педагог, психолог"
    NURSE = "nurse", "Медицинский работник"
    LIBRARIAN = "librarian", "Библиотекарь"
    FORUM_MODERATOR = "forum_moderator", "Модератор форума"
    PARENTS_COMMITTEE_REP = "parents_committee_rep", "Представитель родительского комитета"
    EMPLOYEE = "employee", "Сотрудник"
    STUDENT = "student", "Обучающийся"
    GUARDIAN = "guardian", "Родитель (законный представитель)"


@dataclass(frozen=True, slots=True)
class RoleFacts:
    """What a role is: where it is held, its column of the matrix, whether a second factor is obligatory.

    ``is_by_group``: its reach «own groups» are the groups named in the appointment. ``is_family``: learners, parents.
    """

    role: str
    label: str
    level: str
    column: str = ""
    second_factor: bool = False
    is_by_group: bool = False
    is_family: bool = False
    source: str = ""


@cache
def role_facts() -> dict[str, RoleFacts]:
    """Every role by its code."""
    levels = read_yaml(DATA / "roles.yaml")
    return {
        code: RoleFacts(role=code, level=level, **facts)
        for level, roles in levels.items()
        for code, facts in roles.items()
    }


def _of(level: str) -> frozenset[Role]:
    return frozenset(Role(code) for code, facts in role_facts().items() if facts.level == level)


ORGANIZATION_ROLES: Final = _of("organization")
MUNICIPAL_ROLES: Final = _of("municipality")
REGIONAL_ROLES: Final = _of("region")
TRAINING_ROLES: Final = _of("training")
AUTHORITY_ROLES: Final = MUNICIPAL_ROLES | REGIONAL_ROLES
FAMILY_ROLES: Final = frozenset(Role(code) for code, facts in role_facts().items() if facts.is_family)
STAFF_ROLES: Final = ORGANIZATION_ROLES - FAMILY_ROLES
SECOND_FACTOR_ROLES: Final = frozenset(Role(code) for code, facts in role_facts().items() if facts.second_factor)
