"""Reads of employees, named in domain words."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, TypeVar

from django.db.models import Manager, Model, Q, QuerySet

from shared.access.actors import Actor
from shared.access.rights import Reach
from shared.kernel.names import sort_key

if TYPE_CHECKING:
    from tenants.staff.models import StaffMember  # noqa: F401

Row = TypeVar("Row", bound=Model)


class StandingRows(Manager[Row]):
    """Rows that hold; those written by mistake are read through ``with_annulled``."""

    def get_queryset(self) -> QuerySet[Row]:
        return super().get_queryset().filter(is_annulled=False)


class StaffQuerySet(QuerySet["StaffMember"]):
    def known(self) -> StaffQuerySet:
        """Everyone whose card stands, the dismissed too."""
        return self.filter(is_annulled=False)

    def working_on(self, day: datetime.date) -> StaffQuerySet:
        """Who is hired by that day and not yet dismissed; the last working day is worked."""
        held = Q(dismissed_on=None) | Q(dismissed_on__gte=day)
        return self.known().filter(held, hire_date__lte=day)

    def dismissed_by(self, day: datetime.date) -> StaffQuerySet:
        """The archive: whose last working day is over."""
        return self.known().filter(dismissed_on__lt=day)

    def unsealed(self) -> StaffQuerySet:
        """Those with a consent in force: the others are a name and a position."""
        return self.filter(consent_on__isnull=False, consent_withdrawn_on=None)

    def sealed(self) -> StaffQuerySet:
        return self.known().filter(Q(consent_on=None) | Q(consent_withdrawn_on__isnull=False))

    def seen_by(self, actor: Actor, capability: str) -> StaffQuerySet:
        """Employees that a person's right reaches: everybody, or his own card. Others do not exist for him."""
        right = actor.right(capability)
        if right is None:
            return self.none()
        if right.reach == Reach.ALL:
            return self
        return self.filter(account_id=actor.account_id)

    def named_like(self, text: str) -> StaffQuerySet:
        """Every word of ``text`` stands somewhere in the name; ё and е, upper and lower case are equal."""
        found = self
        for word in sort_key(text).split():
            found = found.filter(sort_name__contains=word)
        return found

    def found_by(self, text: str, *, by_snils: bool) -> StaffQuerySet:
        """A search line: words of the name, or eleven digits of a СНИЛС for who may see one.

        Without that right a number finds nobody: an answer would confirm whose it is.
        """
        digits = "".join(filter(str.isdigit, text))
        is_number = by_snils and len(digits) == 11 and not any(map(str.isalpha, text))
        return self.unsealed().filter(snils=digits) if is_number else self.named_like(text)
