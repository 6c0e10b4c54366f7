"""Which territories a person may count over: his whole and its parts. Source: INTERFACES 3 (SCOPE), 6, 7."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import QuerySet

from shared.access.actors import Actor
from shared.access.visibility import visible_to
from shared.access.workspaces import Workspace
from shared.contingent.counts import Territory, parse_territory
from shared.contingent.errors import ScopeUnknown
from shared.organizations.models import AuthorityBody, AuthorityKind, Municipality, Organization

LISTED_ORGANIZATIONS = 200
"""Up to this many organizations stand in one choice; above it a municipality or a founder is chosen first."""


@dataclass(frozen=True)
class Scope:
    """A territory as commands and addresses write it, and as people read it."""

    code: str
    title: str

    @property
    def kind(self) -> str:
        return self.code.partition(":")[0]


@dataclass(frozen=True)
class Reach:
    """What a person may choose: ``whole`` is everything he sees, ``chosen`` is what the page is about."""

    whole: Scope
    chosen: Scope
    municipalities: tuple[Scope, ...] = ()
    founders: tuple[Scope, ...] = ()
    organizations: tuple[Scope, ...] = ()

    @property
    def groups(self) -> Iterator[tuple[str, tuple[Scope, ...]]]:
        """Titled groups of a choice, without the empty ones."""
        titled = (
            ("Муниципалитеты", self.municipalities),
            ("Учредители", self.founders),
            ("Организации", self.organizations),
        )
        return ((title, scopes) for title, scopes in titled if scopes)

    @property
    def has_choice(self) -> bool:
        return any(True for _ in self.groups)

    @property
    def territory(self) -> Territory:
        return parse_territory(self.chosen.code)


def reach_of(actor: Actor, workspace: Workspace, text: str = "") -> Reach:
    """Everything a person may choose from, with ``text`` chosen (the whole when empty).

    Somebody else's territory does not exist for him. Raises: ScopeUnknown.
    """
    own = workspace.organization
    if own is not None:
        whole = Scope(f"organization:{own.slug}", own.short_name)
        if text not in ("", whole.code):
            raise ScopeUnknown(scope=text)
        return Reach(whole, whole)
    if actor.authority_id is None:
        raise ScopeUnknown(scope=text)
    authority = AuthorityBody.objects.select_related("region", "municipality").get(pk=actor.authority_id)
    whole = _whole(authority)
    seen = visible_to(actor, Organization.objects.exclude(status=Organization.Status.ARCHIVED))
    municipalities = _municipalities(authority, seen)
    founders = _founders(authority, seen)
    chosen = _chosen(text, seen, [whole, *municipalities, *founders])
    return Reach(whole, chosen, tuple(municipalities), tuple(founders), _organizations(chosen, seen))


def _whole(authority: AuthorityBody) -> Scope:
    if authority.municipality is not None:
        return Scope(f"municipality:{authority.municipality.pk}", authority.municipality.name)
    if authority.kind == AuthorityKind.EDUCATION_MINISTRY:
        return Scope(f"region:{authority.region.pk}", authority.region.name)
    return Scope(f"founder:{authority.code}", authority.name)


def _municipalities(authority: AuthorityBody, seen: QuerySet[Organization]) -> list[Scope]:
    """Only the education ministry sees municipalities whole; a founder would see parts of them."""
    if authority.kind != AuthorityKind.EDUCATION_MINISTRY:
        return []
    found = Municipality.objects.filter(pk__in=seen.values("municipality")).values_list("pk", "name")
    return [Scope(f"municipality:{oktmo}", name) for oktmo, name in found]


def _founders(authority: AuthorityBody, seen: QuerySet[Organization]) -> list[Scope]:
    """Founders whose territory is not already in the choice: regional authorities."""
    if authority.kind != AuthorityKind.EDUCATION_MINISTRY:
        return []
    regional = AuthorityBody.objects.filter(pk__in=seen.values("founder"), municipality=None)
    return [Scope(f"founder:{code}", name) for code, name in regional.values_list("code", "name")]


def _organizations(chosen: Scope, seen: QuerySet[Organization]) -> tuple[Scope, ...]:
    """Organizations of the chosen part, and the neighbors of a chosen organization."""
    kind, _, code = chosen.code.partition(":")
    if kind == "organization":
        neighbors = Organization.objects.filter(slug=code).values("municipality")
        seen = seen.filter(municipality__in=neighbors) | seen.filter(slug=code)
    elif kind == "municipality":
        seen = seen.filter(municipality=code)
    elif kind == "founder":
        seen = seen.filter(founder__code=code)
    found = list(seen.order_by("short_name", "slug").values_list("slug", "short_name")[: LISTED_ORGANIZATIONS + 1])
    if len(found) > LISTED_ORGANIZATIONS:
        return ()
    return tuple(Scope(f"organization:{slug}", name) for slug, name in found)


def _chosen(text: str, seen: QuerySet[Organization], known: list[Scope]) -> Scope:
    whole = known[0]
    if text in ("", whole.kind):
        return whole
    for scope in known:
        if scope.code == text:
            return scope
    kind, _, slug = text.partition(":")
    name = seen.filter(slug=slug).values_list("short_name", flat=True).first() if kind == "organization" else None
    if name is None:
        raise ScopeUnknown(scope=text)
    return Scope(text, name)
