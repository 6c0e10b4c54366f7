"""Drafts of sections and rows, changes of many cards that can be taken back, pairs that are of two people."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from shared.tenancy.models import TenantModel
from tenants.cards.files.models import CardFile as CardFile
from tenants.cards.files.models import CardFileRow as CardFileRow


class SectionDraft(TenantModel):
    """What a person has typed into a form of a card and not saved yet; he finds it again after the next sign-in.

    ``card_id`` is null for a card that is not made yet. ``section`` is a section or another form of the card,
    ``row_id`` the row that is being changed: null for a new row, and for a form that has no rows. ``texts`` are the
    form's texts, ``base`` the values that the card or the row had when the form was opened.
    """

    account_id = models.UUIDField("чья учётная запись")
    kind = models.CharField("вид карточки", max_length=20)
    card_id = models.UUIDField("карточка", null=True, blank=True)
    section = models.CharField("раздел", max_length=40)
    row_id = models.UUIDField("запись раздела", null=True, blank=True)
    texts = models.JSONField("набрано", default=dict)
    base = models.JSONField("было при открытии", default=dict)
    saved_at = models.DateTimeField("сохранён", auto_now=True)

    class Meta:
        verbose_name = "черновик раздела"
        constraints = [
            models.UniqueConstraint(
                name="sectiondraft_once",
                fields=["account_id", "kind", "card_id", "section", "row_id"],
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind}, {self.section}"


class Batch(TenantModel):
    """A change of many cards at once: from a file, by one value for many, by a merge. Applied → undone."""

    class Origin(models.TextChoices):
        GROUP = "group", "Групповое изменение"
        FILE = "file", "Загрузка карточек"
        MERGE = "merge", "Объединение карточек"

    origin = models.CharField("откуда", max_length=8, choices=Origin)
    kind = models.CharField("вид карточек", max_length=20)
    title = models.CharField("что сделано", max_length=300)
    reason = models.CharField("основание", max_length=300, blank=True)
    changed = models.PositiveIntegerField("изменено карточек", default=0)
    created = models.PositiveIntegerField("создано карточек", default=0)
    made_by = models.CharField("кто сделал", max_length=200)
    made_at = models.DateTimeField("когда", auto_now_add=True)
    undone_by = models.CharField("кто отменил", max_length=200, blank=True)
    undone_at = models.DateTimeField("отменено", null=True, blank=True)

    class Meta:
        verbose_name = "изменение многих карточек"
        ordering = ["-made_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="batch_undone_by_somebody",
                condition=Q(undone_at=None, undone_by="") | (Q(undone_at__isnull=False) & ~Q(undone_by="")),
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_undone(self) -> bool:
        return self.undone_at is not None

    @property
    def total(self) -> int:
        return self.changed + self.created


class BatchChange(TenantModel):
    """One card in a batch: the values before and after, by code of the field; ``old`` is null for a new card."""

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="changes", verbose_name="изменение", db_index=False)
    card_id = models.UUIDField("карточка")
    old = models.JSONField("было", null=True)
    new = models.JSONField("стало")

    class Meta:
        verbose_name = "карточка в изменении многих"
        constraints = [models.UniqueConstraint(name="batchchange_once", fields=["batch", "card_id"])]

    def __str__(self) -> str:
        return str(self.card_id)


class DifferentPeople(TenantModel):
    """Two cards that look alike, of which somebody has said that they are of two people.

    ``weight`` is how much alike they were then: the pair is offered again only when something surer speaks for it.
    Taken back by deleting the row; the row history keeps who did both.
    """

    kind = models.CharField("вид карточек", max_length=20)
    first_id = models.UUIDField("одна карточка")
    second_id = models.UUIDField("другая карточка")
    likeness = models.CharField("что общего", max_length=200)
    weight = models.PositiveSmallIntegerField("насколько похожи")
    told_by = models.CharField("кто сказал", max_length=200)
    told_at = models.DateTimeField("когда", default=timezone.now)

    class Meta:
        verbose_name = "разные люди"
        ordering = ["-told_at", "-id"]
        constraints = [
            models.UniqueConstraint(name="differentpeople_once", fields=["kind", "first_id", "second_id"]),
            models.CheckConstraint(name="differentpeople_in_order", condition=Q(first_id__lt=F("second_id"))),
        ]

    def __str__(self) -> str:
        return self.likeness
