"""Who may sign and certify papers: the head, and a deputy where the head is absent. Source: R-330, R-335."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, cast

from django.http import HttpRequest
from django.utils import timezone

from shared.access.requests import organization_of
from shared.access.roles import Role
from shared.appointments.queries import StaffMember, staff_of
from shared.kernel.text import NBSP, initials
from shared.organizations.models import OrgType

_HEADS: Final = {OrgType.PRESCHOOL: "Заведующий"}
_POSTS: Final = {
    Role.DIRECTOR: "{head}",
    Role.DEPUTY_UVR: "Заместитель директора по УВР (в отсутствие директора)",
    Role.DEPUTY_OTHER: "Заместитель директора (в отсутствие директора)",
}


@dataclass(frozen=True, slots=True)
class Signer:
    """A person who signs; ``key`` is the account."""

    key: str
    post: str
    name: str

    def __str__(self) -> str:
        return f"{self.post}: {self.name}"


def signers_here(request: HttpRequest, **kwargs: object) -> list[Signer]:
    """Heads first; read before the view, as an organization's own tables do not know accounts."""
    organization = organization_of(request)
    staff = staff_of(organization.id, timezone.localdate())
    head = _HEADS.get(OrgType(organization.org_type), "Директор")
    return [
        Signer(str(member.account_id), post.format(head=head), signed_name(member))
        for role, post in _POSTS.items()
        for member in staff
        if role in member.roles
    ]


def signers_of(request: HttpRequest) -> list[Signer]:
    """What ``signers_here`` has found for this request."""
    return cast("list[Signer]", request.groundwork)  # type: ignore[attr-defined]


def signed_name(member: StaffMember) -> str:
    """«О. Т. Лебедь», as a name stands beside a signature."""
    last_name, *names = member.full_name.split() or [""]
    given = names[:1]
    return NBSP.join(filter(None, [initials(*given, " ".join(names[1:])), last_name]))
