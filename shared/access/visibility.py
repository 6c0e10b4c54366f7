"""Which public rows a person may see: the one function that knows the tree. Source: STYLE 3."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q, QuerySet

from shared.access.actors import Actor
from shared.access.roles import Role
from shared.organizations.models import OTHER_BRANCHES, AuthorityBody, AuthorityKind, Organization


def visible_to(actor: Actor, organizations: QuerySet[Organization]) -> QuerySet[Organization]:
    """The organizations of a person on this host: his own, his territory's, his founder's, or all (operator)."""
    seen = Q(pk__in=[])
    for grant in actor.here:
        if grant.role == Role.OPERATOR:
            return organizations
        if grant.organization_id is not None:
            seen |= Q(pk=grant.organization_id)
        elif grant.municipality_oktmo is not None:
            seen |= Q(municipality_id=grant.municipality_oktmo)
        elif grant.authority_id is not None:
            ministries = AuthorityBody.objects.filter(kind=AuthorityKind.EDUCATION_MINISTRY)
            seen |= Q(founder_id=grant.authority_id) | Q(
                region_id=grant.region_code, region__in=ministries.filter(pk=grant.authority_id).values("region")
            )
    return organizations.filter(seen)


def overseen_by(actor: Actor, organizations: QuerySet[Organization]) -> QuerySet[Organization]:
    """Those of ``visible_to`` whose limited view opens: one founded outside education is its founder's alone.

    Education counts such an organization and does not look into it. Source: REGION 1.
    """
    foreign = Q(founder__kind__in=OTHER_BRANCHES) & ~Q(founder_id=actor.authority_id)
    return visible_to(actor, organizations).exclude(foreign)


def organization_seen_by(actor: Actor, slug: str) -> Organization | None:
    """A subordinate organization by its address, or None: another's does not exist."""
    with transaction.atomic():
        return overseen_by(actor, Organization.objects.exclude(status="archived")).filter(slug=slug).first()
