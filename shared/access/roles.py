"""Roles and what they may do by default: data, one table. Source: ORGANIZATION 4 (defaults by general knowledge)."""

from django.db.models import TextChoices


class Role(TextChoices):
    """System roles, apart from staff positions."""

    OPERATOR = "operator", "Оператор системы"
    MINISTRY_OFFICER = "ministry_officer", "Специалист министерства"
    MUNICIPAL_OFFICER = "municipal_officer", "Специалист муниципального органа"
    ORG_ADMIN = "org_admin", "Администратор"
    COORDINATOR = "coordinator", "Координатор"
    DIRECTOR = "director", "Директор"
    DEPUTY_UVR = "deputy_uvr", "Заместитель директора по УВР"
    SECRETARY = "secretary", "Секретарь"
    TEACHER = "teacher", "Учитель"


ORGANIZATION_ROLES = frozenset(
    {Role.ORG_ADMIN, Role.COORDINATOR, Role.DIRECTOR, Role.DEPUTY_UVR, Role.SECRETARY, Role.TEACHER}
)
AUTHORITY_ROLES = frozenset({Role.MINISTRY_OFFICER, Role.MUNICIPAL_OFFICER})

_READ = frozenset(
    {"home.view", "students.list", "students.read", "groups.read", "orders.read", "movement.read", "forms.compute"}
)
_UPPER = frozenset({"home.view", "registry.count", "registry.persons", "forms.compute", "organizations.read"})

DEFAULT_CAPABILITIES: dict[str, frozenset[str]] = {
    Role.OPERATOR: frozenset({"home.view", "fleet.view", "organizations.onboard", "organizations.suspend"}),
    Role.MINISTRY_OFFICER: _UPPER,
    Role.MUNICIPAL_OFFICER: _UPPER | {"oversight.view"},
    Role.ORG_ADMIN: _READ | {"groups.edit", "contingent.import", "registry.count"},
    Role.COORDINATOR: _READ | {"groups.edit", "orders.sign", "contingent.import", "registry.count"},
    Role.DIRECTOR: _READ | {"groups.edit", "orders.sign", "students.identity", "registry.count"},
    Role.DEPUTY_UVR: _READ | {"groups.edit", "orders.sign", "registry.count"},
    Role.SECRETARY: _READ
    | {
        "groups.edit",
        "students.edit",
        "students.identity",
        "orders.draft",
        "contingent.import",
        "consent.record",
        "registry.count",
    },
    Role.TEACHER: frozenset({"home.view", "students.list", "groups.read"}),
}


def capabilities_of(role: str) -> frozenset[str]:
    """What a role may do; an unknown role may nothing."""
    return DEFAULT_CAPABILITIES.get(role, frozenset())
