"""The action log: what was done, to what, by whom, when and why; chained so that nothing of it changes unnoticed.

One table of events per schema: ``audit_event`` for the public one, ``history_event`` inside every organization
(``tenants.history``). Rows are made only by functions of the database. Source: R-031, R-032, R-204, ARCHITECTURE 7.
"""

from __future__ import annotations

from django.contrib.postgres.indexes import BrinIndex, HashIndex
from django.db import models
from django.db.models import Q

from shared.audit.queries import EventQuerySet
from shared.kernel.ids import new_id


class Event(models.Model):
    """One record of the log.

    ``changes`` holds ``{field: [old, new]}`` of a changed row and the whole row of a deleted one; a created row has
    none, since later records keep what it held. ``facts`` are ids, counts and constant words of an action that
    changed no row. ``seal`` chains the record to the one before it, ``seal_no`` is its number in the chain.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField("когда")
    actor = models.CharField("кто", max_length=200)
    actor_name = models.CharField("имя", max_length=310)
    request_id = models.CharField("номер запроса", max_length=40)
    action = models.CharField("действие", max_length=40)
    object_kind = models.CharField("что", max_length=63)
    object_id = models.CharField("номер записи", max_length=80)
    changes = models.JSONField("изменения", null=True)
    rows = models.IntegerField("строк")
    reason = models.TextField("причина")
    facts = models.JSONField("сведения")
    seal_no = models.BigIntegerField("номер в цепочке", null=True)
    seal = models.BinaryField("печать", null=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["-id"]
        indexes = [
            # Small indexes: a large import writes a record for each of its rows.
            HashIndex(name="%(app_label)s_event_object", fields=["object_id"]),
            BrinIndex(name="%(app_label)s_event_at", fields=["at"]),
            models.Index(name="%(app_label)s_event_unsealed", fields=["id"], condition=Q(seal_no=None)),
        ]
        constraints = [
            models.UniqueConstraint(
                name="%(app_label)s_event_number", fields=["seal_no"], condition=Q(seal_no__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%d.%m.%Y %H:%M:%S} {self.action} {self.object_kind} {self.object_id}".rstrip()


class PublicEvent(Event):
    """An event of the public workspaces: sign-ins, accounts, appointments, organizations, looks of authorities.

    The place decides who sees it: the organization, the authority, or — without a place — the operator.
    """

    organization_id = models.UUIDField("организация", null=True)
    authority_id = models.IntegerField("орган управления", null=True)

    class Meta(Event.Meta):
        db_table = "audit_event"
        verbose_name = "запись журнала"
        indexes = [
            *Event.Meta.indexes,
            models.Index(name="audit_event_organization", fields=["organization_id", "id"]),
            models.Index(name="audit_event_authority", fields=["authority_id", "id"]),
        ]


class Mark(models.Model):
    """A transaction that left unsealed records in a schema; appended by it, removed by the sealing."""

    pk = models.CompositePrimaryKey("xid", "schema_name")
    xid = models.BigIntegerField()
    schema_name = models.CharField(max_length=63)

    def __str__(self) -> str:
        return self.schema_name


class Chain(models.Model):
    """The head of a schema's chain: how many records are sealed and the last seal, so that a cut tail is found."""

    schema_name = models.CharField(max_length=63, primary_key=True)
    last_no = models.BigIntegerField(default=0)
    last_seal = models.BinaryField()
    sealed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.schema_name} № {self.last_no}"


class Visit(models.Model):
    """A person's day in one place: when he came, when he was last seen, in which sections and how many minutes.

    No page and no object is kept. ``minutes`` counts minutes in which the person did something, ``sections`` the same
    by section. Source: R-054, ORGANIZATION 19, MUNICIPALITY 6 («no page-level tracking of persons»).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account_id = models.UUIDField("учётная запись")
    organization_id = models.UUIDField("организация", null=True)
    authority_id = models.IntegerField("орган управления", null=True)
    role = models.CharField("роль", max_length=32)
    day = models.DateField("день")
    came_at = models.DateTimeField("вошёл")
    came_hour = models.PositiveSmallIntegerField("час входа")
    seen_at = models.DateTimeField("был в системе")
    minutes = models.PositiveIntegerField("минут с действиями", default=1)
    sections = models.JSONField("разделы", default=dict)

    class Meta:
        verbose_name = "посещение"
        constraints = [
            models.UniqueConstraint(
                name="visit_once_a_day",
                fields=["account_id", "day", "organization_id", "authority_id"],
                nulls_distinct=False,
            ),
        ]
        indexes = [
            models.Index(name="visit_organization", fields=["organization_id", "day"]),
            models.Index(name="visit_authority", fields=["authority_id", "day"]),
        ]

    def __str__(self) -> str:
        return f"{self.day:%d.%m.%Y} {self.role}"


class LastVisit(models.Model):
    """How many holders of a role in an organization were last seen on a day (None: never); a view without persons.

    Source: R-225, MUNICIPALITY 6, REGION 8.
    """

    organization_id = models.UUIDField(primary_key=True)
    role = models.CharField(max_length=32)
    last_day = models.DateField(null=True)
    people = models.IntegerField()

    class Meta:
        managed = False
        db_table = "audit_last_visit"

    def __str__(self) -> str:
        return self.role


class VisitDay(models.Model):
    """How many people of a role entered an organization on a day, by the hour they came; a view without persons."""

    organization_id = models.UUIDField(primary_key=True)
    role = models.CharField(max_length=32)
    day = models.DateField()
    came_hour = models.SmallIntegerField()
    people = models.IntegerField()

    class Meta:
        managed = False
        db_table = "audit_visit_day"

    def __str__(self) -> str:
        return f"{self.day:%d.%m.%Y} {self.role}"
