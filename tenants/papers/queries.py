"""Reads of certificates and printouts, named in domain words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import QuerySet

from shared.access.actors import Actor
from tenants.people.models import Student

if TYPE_CHECKING:
    from tenants.papers.models import Certificate, Printing  # noqa: F401


class CertificateQuerySet(QuerySet["Certificate"]):
    def seen_by(self, actor: Actor, capability: str) -> CertificateQuerySet:
        """Certificates of the learners whom a person's right reaches; of an annulled card they do not exist."""
        return self.filter(student__in=Student.objects.kept().seen_by(actor, capability))

    def found_by(self, text: str) -> CertificateQuerySet:
        """A number of the register, or words of a name; the name of a blocked learner finds nobody."""
        if text.isdecimal():
            return self.filter(number=int(text[:9]))
        return self.filter(student__in=Student.objects.known().named_like(text)) if text else self


class PrintingQuerySet(QuerySet["Printing"]):
    def seen_by(self, actor: Actor, capability: str) -> PrintingQuerySet:
        """The whole log for a right to everybody; who has his classes only sees what he printed himself."""
        right = actor.right(capability)
        if right is None:
            return self.none()
        return self if right.is_everywhere else self.filter(printed_by=actor.account_id)
