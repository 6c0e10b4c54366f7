"""Role grants: who may act where, by which order, on which days."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from shared.access.roles import Role
from shared.accounts.models import Account
from shared.kernel.ids import new_id
from shared.organizations.models import AuthorityBody, Organization


class RoleGrantQuerySet(models.QuerySet["RoleGrant"]):
    def on(self, day: object) -> RoleGrantQuerySet:
        """Grants in force at the end of ``day``."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gt=day), valid_from__lte=day)


class RoleGrant(models.Model):
    """A system role of a person in one place, days ``[valid_from, valid_to)``.

    The place is an organization, an authority, or — for the operator — neither. Source: ORGANIZATION 4.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, models.CASCADE, related_name="grants", verbose_name="учётная запись")
    role = models.CharField("роль", max_length=32, choices=Role)
    organization = models.ForeignKey(Organization, models.PROTECT, null=True, blank=True, related_name="grants")
    authority = models.ForeignKey(AuthorityBody, models.PROTECT, null=True, blank=True, related_name="grants")
    order_number = models.CharField("№ приказа", max_length=40, blank=True)
    order_date = models.DateField("дата приказа", null=True, blank=True)
    valid_from = models.DateField("действует с")
    valid_to = models.DateField("не действует с", null=True, blank=True)

    objects = RoleGrantQuerySet.as_manager()

    class Meta:
        verbose_name = "назначение"
        constraints = [
            models.CheckConstraint(name="rolegrant_one_place", condition=Q(organization=None) | Q(authority=None)),
            models.CheckConstraint(
                name="rolegrant_period", condition=Q(valid_to=None) | Q(valid_to__gt=models.F("valid_from"))
            ),
            models.UniqueConstraint(
                name="rolegrant_once",
                fields=["account", "role", "organization", "authority"],
                condition=Q(valid_to=None),
                nulls_distinct=False,
            ),
        ]
        indexes = [models.Index(name="rolegrant_organization", fields=["organization"])]

    def __str__(self) -> str:
        return self.get_role_display()
