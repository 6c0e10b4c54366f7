"""Undo of an import: orders and places are annulled, changed values return, what nobody else saw is taken away.

Nothing that was handed up is deleted. Facts that came later and stand on the import forbid it. Source: INTERFACES 3.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.db.models import F, Func, Model, Q
from django.utils import timezone

from shared.kernel.days import written
from shared.tenancy.bulk import plain, update_changed
from tenants.consents.models import Consent
from tenants.groups.models import Group
from tenants.handup.services import hand_up_everything
from tenants.intake.effects import annulment, made_by_run
from tenants.intake.errors import ImportNotApplied, LaterFactsForbid
from tenants.intake.models import ImportChange, ImportEffect, ImportRun, SealedDraft
from tenants.intake.person_plan import FLAGS
from tenants.intake.staging import forget_staged
from tenants.intake.writing import BY_LABEL, TABLES, take_turn
from tenants.orders.copies import refused_in_copy
from tenants.orders.models import Enrollment, Order, OrderRow, Placement
from tenants.people.models import Guardian, GuardianLink, Student, StudentSpecial

NAMED: Final = 3  # so many of the facts that forbid are named, the others are counted
MAY_STAY: Final = (Group,)  # a class keeps what somebody has written over the import's value


@refused_in_copy()
@transaction.atomic
def undo(run: ImportRun, *, made_by: str) -> ImportRun:
    """Take back an applied import.

    Raises: ImportNotApplied, LaterFactsForbid.
    """
    take_turn()
    run = ImportRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if run.status != ImportRun.Status.APPLIED:
        raise ImportNotApplied(file=run.file_name, state=run.get_status_display().lower())
    work = _Undo(run, made_by)
    work.refuse_if_built_upon()
    try:
        with transaction.atomic():
            work.take_back()
    except IntegrityError as error:
        raise LaterFactsForbid(
            file=run.file_name,
            facts="после неё появились зачисления или приказы, с которыми прежнее состояние не сходится",
        ) from error
    run.status, run.undone_by, run.undone_at = ImportRun.Status.UNDONE, made_by, timezone.now()
    run.save(update_fields=["status", "undone_by", "undone_at"])
    forget_staged(run)
    hand_up_everything()
    return run


class _Undo:
    """One import being taken back."""

    def __init__(self, run: ImportRun, made_by: str) -> None:
        self._run = run
        self._made_by = made_by
        self._made = {model: made_by_run(run, model) for model in TABLES}
        self._changes = list(ImportChange.objects.filter(run=run))

    def refuse_if_built_upon(self) -> None:
        """Raises: LaterFactsForbid, naming the facts."""
        facts = [*self._later_orders(), *self._recorded_consents(), *self._recorded_papers()]
        facts += [*self._later_imports(), *self._later_values()]
        if facts:
            more = f" и ещё {len(facts) - NAMED}" if len(facts) > NAMED else ""
            raise LaterFactsForbid(file=self._run.file_name, facts="; ".join(facts[:NAMED]) + more)

    def take_back(self) -> None:
        """Everything at once; the caller's savepoint undoes it when the database finds a later fact."""
        places = self._made[Enrollment]
        Enrollment.objects.filter(pk__in=places).update(is_annulled=True)
        OrderRow.objects.filter(pk__in=self._made[OrderRow]).update(is_annulled=True)
        # Classes given to places that stay: the places' own days were handed up, and they remain.
        Placement.objects.filter(pk__in=self._made[Placement]).exclude(enrollment__in=places).delete()
        for model in TABLES:
            self._restore(model)
        self._annul_orders()
        GuardianLink.objects.filter(pk__in=self._made[GuardianLink]).delete()
        unknown = Guardian.objects.filter(pk__in=self._made[Guardian], links=None)
        Consent.objects.filter(pk__in=self._made[Consent], guardian__in=unknown).delete()
        unknown.filter(consents=None).delete()
        SealedDraft.objects.filter(pk__in=self._made[SealedDraft]).delete()
        self._hide_people()
        live = Placement.objects.filter(enrollment__is_annulled=False)
        used = Group.objects.filter(pk__in=live.values("group_id"))
        drafted = OrderRow.objects.filter(order__status=Order.Status.DRAFT, group__isnull=False)
        unused = Group.objects.filter(pk__in=self._made[Group]).exclude(pk__in=used)
        unused.exclude(pk__in=drafted.values("group_id")).update(is_annulled=True)

    def _restore(self, model: type[Model]) -> None:
        update_changed(model, {change.key: change.old for change in self._still_ours(model)})

    def _annul_orders(self) -> None:
        """An order without a row in force is annulled, whichever import has entered it."""
        ours = OrderRow.objects.filter(pk__in=self._made[OrderRow]).values("order_id")
        orders = Order.objects.in_force().filter(pk__in=ours, is_on_paper=True).exclude(rows__is_annulled=False)
        orders.update(**annulment(self._made_by, f"Отменена загрузка «{self._run.file_name}»"[:500]))

    def _hide_people(self) -> None:
        """Learners whom only imports have brought and who have no place left: a later equal import finds them."""
        effects = ImportEffect.objects.filter(subject=Student._meta.label)
        imported = effects.annotate(key=Func(F("keys"), function="unnest")).values("key")
        placed = Enrollment.objects.filter(pk__in=self._made[Enrollment]).values("student_id")
        people = Student.objects.filter(Q(pk__in=self._made[Student]) | Q(pk__in=placed), pk__in=imported)
        placeless = people.exclude(pk__in=Enrollment.objects.filter(is_annulled=False).values("student_id"))
        waiting = OrderRow.objects.filter(order__status=Order.Status.DRAFT, is_annulled=False)
        placeless.exclude(pk__in=waiting.values("student_id")).update(is_annulled=True)
        # The paper of a hidden learner is history; a later import of him brings its own.
        mine = Consent.objects.current().filter(withdrawn_on=None)
        mine.filter(student__is_annulled=True).update(is_current=False)
        mine.filter(pk__in=self._made[Consent], guardian__consent_on=None, student=None).update(is_current=False)

    def _later_orders(self) -> Iterable[str]:
        rows = (
            OrderRow.objects.filter(enrollment__in=self._made[Enrollment], is_annulled=False)
            .exclude(pk__in=self._made[OrderRow])
            .exclude(order__status=Order.Status.ANNULLED)
            .select_related("order", "student")
            .order_by("order__issued_on", "id")
        )
        return (f"{row.student} есть в приказе {row.order}" for row in rows)

    def _recorded_consents(self) -> Iterable[str]:
        drafts = SealedDraft.objects.filter(pk__in=self._made[SealedDraft], opened_on__isnull=False).order_by("id")
        return (f"{draft}: записано согласие от {written(draft.opened_on)}" for draft in drafts if draft.opened_on)

    def _recorded_papers(self) -> Iterable[str]:
        """Documents entered after this import has said «да»: the card must not lose what they stand behind."""
        changes = (change for change in self._changes if BY_LABEL[change.subject] is Student)
        said = [change.key for change in changes if any(change.new.get(flag) for flag in FLAGS)]
        for special in StudentSpecial.objects.filter(student_id__in=said).select_related("student"):
            if special.tells_health_limits or special.tells_disability:
                yield f"после неё дополнены особые сведения: {special.student}"

    def _later_imports(self) -> Iterable[str]:
        """Imports in force that changed what this one has made."""
        made = Q()
        for model in (Student, Enrollment, Placement, OrderRow):
            made |= Q(key__in=self._made[model])
        touched = ImportChange.objects.filter(made, run__status=ImportRun.Status.APPLIED).exclude(run=self._run)
        runs = ImportRun.objects.filter(pk__in=touched.values("run_id")).order_by("applied_at")
        return (f"её данные изменила загрузка «{run.file_name}» ({_moment(run)})" for run in runs)

    def _later_values(self) -> Iterable[str]:
        """Values that this import has changed and somebody else after it."""
        for model in TABLES:
            if model in MAY_STAY:
                continue
            for change, now in self._present(model):
                if now not in (change.new, change.old):
                    name = model._meta.verbose_name
                    yield f"после неё изменены данные: {name} {_named(model, change.key)}"

    def _still_ours(self, model: type[Model]) -> Sequence[ImportChange]:
        return [change for change, now in self._present(model) if now == change.new]

    def _present(self, model: type[Model]) -> list[tuple[ImportChange, dict[str, Any]]]:
        """The changes of a table, each with the present values of the same columns."""
        changes = [change for change in self._changes if BY_LABEL[change.subject] is model]
        columns = sorted(set(chain.from_iterable(change.new for change in changes)))
        rows = model._default_manager.filter(pk__in=[change.key for change in changes]).values("pk", *columns)
        present = {row["pk"]: row for row in rows}
        return [
            (change, plain({column: present[change.key][column] for column in change.new}))
            for change in changes
            if change.key in present
        ]


def _named(model: type[Model], key: uuid.UUID) -> str:
    found: Model | None
    if model is Enrollment:
        found = Student.objects.filter(enrollments=key).first()
    elif model is Placement:
        found = Student.objects.filter(enrollments__placements=key).first()
    else:
        found = model._default_manager.filter(pk=key).first()
    return f"«{found}»"


def _moment(run: ImportRun) -> str:
    return f"{timezone.localtime(run.applied_at):%d.%m.%Y %H:%M}" if run.applied_at else ""
