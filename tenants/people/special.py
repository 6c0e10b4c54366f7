"""Special facts of a learner (особые сведения): their lines, their one writer. Source: ORGANIZATION 2.3, 3.7."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, fields

from django.db import transaction

from shared.classifiers.catalog import load_catalog
from shared.kernel.rules import constraint_means
from shared.tenancy.scopes import give_reason
from tenants.handup.services import hand_up
from tenants.people.errors import DeviantPeriodBroken, PaperPeriodBroken, PapersStand, RestrictionUndocumented
from tenants.people.models import DeviantRecord, GuardianLink, Student, StudentSpecial
from tenants.people.special_changes import Changes, Held, changes_of, registration
from tenants.people.special_facts import DeviantFacts, Marks, RestrictionFacts, SpecialFacts


@transaction.atomic
def edit_special(
    *,
    student: Student,
    facts: SpecialFacts,
    deviant: Sequence[DeviantFacts],
    restrictions: Mapping[uuid.UUID, RestrictionFacts],
    edited_by: str,
    reason: str,
    marks: Marks = Marks(),  # frozen
    base: Held | None = None,
) -> None:
    """Write the special facts of a learner; ``restrictions`` by key of the link with the representative.

    ``base``: what the author's form was opened with; only what he has changed since is written then, without it all
    that is said. «ОВЗ: да» and «инвалидность: да» stand on the card while papers on them stand here, and the registry
    hears of them. Whoever is restricted in his rights loses his room at once.
    Raises: SpecialMoved, PapersStand, PaperPeriodBroken, DeviantPeriodBroken, RestrictionUndocumented.
    """
    student = Student.objects.known().select_for_update(of=("self",)).get(pk=student.pk)
    now, mine = Held.of(student), Held.told(facts, marks, deviant, restrictions)
    changes = changes_of(mine, base=base or now, now=now)
    touched = changes.touched if base else frozenset(mine.values)
    give_reason(reason)
    special = _write_facts(student, facts, touched, edited_by=edited_by)
    _settle_marks(student, special, {one: value for one, value in asdict(marks).items() if one in touched})
    _settle_deviant(student, deviant, changes)
    for link in student.guardian_links.filter(pk__in=[key for key in restrictions if str(key) in touched]):
        for name, value in asdict(restrictions[link.pk]).items():
            setattr(link, name, value)
        with constraint_means("guardianlink_restriction_documented", RestrictionUndocumented()):
            link.save(update_fields=list(RestrictionFacts.__slots__))


def _write_facts(student: Student, facts: SpecialFacts, touched: Collection[str], *, edited_by: str) -> StudentSpecial:
    """The record with these facts written; one that is not made yet stays so while there is nothing to write."""
    special = StudentSpecial.objects.filter(student=student).first() or StudentSpecial(student=student)
    written = [one.name for one in fields(SpecialFacts) if one.name in touched]
    for name in written:
        value = getattr(facts, name)
        setattr(special, name, list(value) if isinstance(value, tuple) else value)
    if written:
        special.updated_by = edited_by
        with (
            constraint_means("studentspecial_pmpk_period", PaperPeriodBroken()),
            constraint_means("studentspecial_disability_period", PaperPeriodBroken()),
        ):
            special.save(update_fields=None if special._state.adding else [*written, "updated_by", "updated_at"])
    return special


def _settle_marks(student: Student, special: StudentSpecial, said: Mapping[str, bool]) -> None:
    """The card and the papers say the same: a paper makes «да», «нет» beside a paper is refused."""
    wanted = dict(said)
    for name, is_told, papers in (
        ("health_limits", special.tells_health_limits, "ОВЗ, заключение ПМПК"),
        ("disability", special.tells_disability, "справка об инвалидности"),
    ):
        if is_told and wanted.get(name) is False:
            raise PapersStand(papers=papers)
        if is_told:
            wanted[name] = True
    changed = [name for name, value in wanted.items() if getattr(student, name) != value]
    if not changed:
        return
    for name in changed:
        setattr(student, name, wanted[name])
    student.save(update_fields=[*changed, "updated_at"])
    hand_up(list(student.enrollments.values_list("pk", flat=True)))


def _settle_deviant(student: Student, wanted: Sequence[DeviantFacts], changes: Changes) -> None:
    """Registrations that the author has added and taken away; the others are not touched."""
    for record in student.deviant_records.all():
        if registration(record) in changes.removed:
            record.delete()
    for facts in wanted:
        if registration(facts) in changes.added:
            with constraint_means("deviantrecord_period", DeviantPeriodBroken()):
                DeviantRecord.objects.create(student=student, **asdict(facts))


@dataclass(frozen=True, slots=True)
class SpecialLine:
    """A line of the opened section; ``field`` is its code in the catalog of fields."""

    field: str
    title: str
    text: str


def special_lines(student: Student) -> list[SpecialLine]:
    """Everything special that is held of a learner, in words; empty texts are what nobody has filled in."""
    special = StudentSpecial.objects.filter(student=student).first() or StudentSpecial()
    links = student.guardian_links.select_related("guardian").order_by("guardian__sort_name")
    lines = [
        SpecialLine("health_limits", "ОВЗ", "да" if student.health_limits else "нет"),
        SpecialLine("health_limits_papers", "ОВЗ: вид, заключение, программа", _limits(special)),
        SpecialLine("disability", "Инвалидность", "да" if student.disability else "нет"),
        SpecialLine(
            "disability_papers",
            "Справка об инвалидности",
            _paper(special.disability_number, special.disability_on, special.disability_valid_to),
        ),
        SpecialLine("health_group", "Группа здоровья", _label("health_group", special.health_group)),
        SpecialLine("pe_group", "Физкультурная группа", _label("pe_group", special.pe_group)),
        SpecialLine("diseases", "Заболевания", special.diseases),
        SpecialLine("policy", "Медицинский полис", ", ".join(filter(None, [special.policy_number, special.insurer]))),
        SpecialLine("family_composition", "Состав семьи", _family(special)),
        SpecialLine(
            "social_statuses",
            "Социальное положение",
            ", ".join(_label("social_status", code) for code in special.social_statuses),
        ),
        SpecialLine("deviant_behavior", "Учёт", "; ".join(map(_deviant, student.deviant_records.all()))),
        SpecialLine("rights_restriction", "Права представителей", "; ".join(filter(None, map(rights_in_words, links)))),
    ]
    if student.is_address_protected:
        addresses = filter(None, [student.registration_address, student.address])
        lines.append(SpecialLine("is_address_protected", "Адрес под защитой", "; ".join(addresses)))
    return lines


def _label(classifier: str, code: str) -> str:
    return load_catalog().label(classifier, code) if code else ""


def _limits(special: StudentSpecial) -> str:
    paper = _paper(special.pmpk_number, special.pmpk_on, special.pmpk_valid_to)
    variant = f"вариант программы {special.program_variant}" if special.program_variant else ""
    kind = _label("health_limits_type", special.health_limits_kind)
    return ", ".join(filter(None, [kind, f"заключение ПМПК {paper}" if paper else "", variant]))


def _paper(number: str, issued_on: datetime.date | None, valid_to: datetime.date | None) -> str:
    parts = [
        f"№ {number}" if number else "",
        f"от {issued_on:%d.%m.%Y}" if issued_on else "",
        f"действует до {valid_to:%d.%m.%Y}" if valid_to else "",
    ]
    return " ".join(filter(None, parts))


def _family(special: StudentSpecial) -> str:
    children = f"детей в семье: {special.children_count}" if special.children_count else ""
    return ", ".join(filter(None, [_label("family_composition", special.family_composition), children]))


def _deviant(record: DeviantRecord) -> str:
    until = f" по {record.registered_to:%d.%m.%Y}" if record.registered_to else ""
    basis = f" ({record.basis})" if record.basis else ""
    return f"{_label('deviant_behavior', record.kind)} с {record.registered_from:%d.%m.%Y}{until}{basis}"


def rights_in_words(link: GuardianLink) -> str:
    """What is said of the rights of a representative; '' when nothing is."""
    parts = [link.authority_document]
    if link.rights_restriction:
        since = f" с {link.restricted_on:%d.%m.%Y}" if link.restricted_on else ""
        parts.append(f"{link.get_rights_restriction_display().lower()}{since}, {link.restriction_document}")
    known = ", ".join(filter(None, parts))
    return f"{link.guardian}: {known}" if known else ""
