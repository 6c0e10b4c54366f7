"""What is compared: the records a clerk knows, each with the tables it lies in. The registration point.

A table that is new here needs a line: a test compares this list, and ``NOT_COMPARED``, with the tables of the schema.
The order is that of foreign keys: what others name stands before them.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from django.db.models import Field as Column
from django.db.models import Model

from shared.access.actors import Actor
from shared.cards.kinds import CardKind
from shared.cards.layout import Field
from tenants.cards.kinds import KINDS
from tenants.consents.models import Consent, SubjectRequest
from tenants.files.models import StoredFile
from tenants.groups.models import Group
from tenants.history.reading import IDENTITY_COLUMNS
from tenants.orders.models import Enrollment, Order, OrderRow, Placement
from tenants.organization.models import (
    Building,
    Equipment,
    OrganizationCard,
    OrganizationDocument,
    ResponsiblePerson,
    Room,
)
from tenants.papers.models import Certificate
from tenants.people.fields import FIELDS
from tenants.people.models import (
    Achievement,
    DeviantRecord,
    FormerAddress,
    FormerDocument,
    Guardian,
    GuardianLink,
    Student,
    StudentSpecial,
)
from tenants.staff.fields import FIELDS as STAFF_FIELDS
from tenants.staff.models import (
    Award,
    Certification,
    Diploma,
    FormerValue,
    MethodicalWork,
    StaffMember,
    StaffTraining,
)

# Bookkeeping, and what other rooms alone may write: consents follow their register, accounts and their rights stay as
# they are today, who confirmed a card confirmed the card of that day.
KEPT: Final = frozenset(
    {
        *("id", "updated_at", "updated_by", "confirmed_on", "confirmed_by", "setup_step"),
        *("organization_id", "account_id", "consent_on", "consent_withdrawn_on"),
    }
)
SPECIAL: Final[Mapping[str, frozenset[str]]] = {
    **STAFF_FIELDS.columns(special_only=True),
    **FIELDS.columns(special_only=True),
}
SPECIAL_RIGHT: Final = "students.special.read"
_FILES: Final = {
    "achievement": "Скан достижения",
    "consent_scan": "Скан согласия",
    "methodical_work": "Файл методической разработки",
    "organization_document": "Скан документа организации",
    "printed_certificates": "Напечатанные справки",
    "protection_regulation": "Положение о защите персональных данных",
}


@dataclass(frozen=True, slots=True)
class Entity:
    """A kind of records as a clerk names it. ``reads``: the right without which it is not shown."""

    code: str
    one: str
    many: str
    reads: str
    title: Callable[[Any], str] = str  # Any: rows of one model each
    kind: CardKind | None = None

    @property
    def identity(self) -> str:
        return self.kind.identity if self.kind else ""

    def is_seen_by(self, actor: Actor) -> bool:
        """A comparison is of everybody, so the right must be."""
        return actor.may_everywhere(self.reads)


@dataclass(frozen=True)
class Part:
    """A table of records. ``heads``: the columns that name the card, the first filled one counts; of ``via`` when the
    row names another row that names the card.

    ``owners``: columns of the rows it lies in and comes back with. ``also``: keys of other rows that are no foreign
    keys. ``named``: the row has a name of its own, which asks nothing of other rows. ``is_missed_only``: its changes
    have a register of their own, so only a row that is gone is told of. ``hidden``: columns that are not shown.
    """

    code: str
    title: str
    model: type[Model]
    heads: tuple[tuple[str, str], ...]
    owners: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    hidden: frozenset[str] = frozenset()
    via: tuple[type[Model], str] | None = None
    is_missed_only: bool = False
    named: bool = False

    @property
    def table(self) -> str:
        return self.model._meta.db_table

    @property
    def is_head(self) -> bool:
        return self.heads[0][1] == "id"

    @property
    def is_special(self) -> bool:
        """Whether even that there is such a row is for few eyes. Source: R-031."""
        return bool(self.special) and self.model in (StudentSpecial, DeviantRecord)

    @property
    def special(self) -> frozenset[str]:
        return SPECIAL.get(self.table, frozenset())

    @property
    def unsaid(self) -> frozenset[str]:
        """What a record that is there or is not does not tell: whose it is, and what is hidden anyway."""
        return self.hidden | {column for _, column in self.heads} | ({self.via[1]} if self.via else set())

    @cached_property
    def columns(self) -> dict[str, Column[Any, Any]]:
        """Columns that hold data, by their names; what the database computes is none."""
        return {str(one.column): one for one in self.model._meta.concrete_fields if not one.generated}

    @cached_property
    def compared(self) -> list[str]:
        return [name for name in self.columns if name not in KEPT]

    @cached_property
    def refs(self) -> list[str]:
        """Columns that name other rows."""
        return [name for name, one in self.columns.items() if one.is_relation] + list(self.also)

    @cached_property
    def fields(self) -> dict[str, Field]:
        """What cards say of these columns."""
        sections = (section for kind in KINDS.values() for section in kind.layout.sections)
        known = (one for section in sections for one in section.fields)
        return {one.column: one for one in known if one.table == self.table and not one.is_derived}

    @cached_property
    def masked(self) -> frozenset[str]:
        """Columns behind a mask."""
        of_cards = {name for name, one in self.fields.items() if one.is_masked}
        return frozenset(of_cards) | IDENTITY_COLUMNS.get(self.table, frozenset())

    def label(self, column: str) -> str:
        if column in self.fields:
            return self.fields[column].label
        name = str(self.columns[column].verbose_name)
        return name[:1].upper() + name[1:]

    def instance(self, row: Mapping[str, Any]) -> Any:
        """A row as JSON holds it as an object, to be asked for its name; nothing is saved of it."""
        values = {
            one.attname: one.to_python(row[name]) for name, one in self.columns.items() if row.get(name) is not None
        }
        return self.model(**values)

    def head_of(self, row: Mapping[str, Any]) -> tuple[str, uuid.UUID]:
        """Whose row it is: the entity and the key of its card."""
        return next((entity, uuid.UUID(row[column])) for entity, column in self.heads if row.get(column))

    def keys(self, row: Mapping[str, Any], columns: tuple[str, ...] | list[str]) -> list[uuid.UUID]:
        return [uuid.UUID(row[name]) for name in columns if row.get(name)]

    def digest(self, row: Mapping[str, Any]) -> str:
        """Equal for rows that say the same, whatever was kept of their bookkeeping."""
        said = json.dumps({name: row[name] for name in self.compared}, ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(said.encode()).hexdigest()


def _file_title(stored: StoredFile) -> str:
    return f"{_FILES.get(stored.purpose, 'Файл')} от {stored.uploaded_at:%d.%m.%Y}"


def _order_title(order: Order) -> str:
    return f"{order.get_kind_display()} {order}"


def _group_title(group: Group) -> str:
    return f"{group} ({group.academic_year}/{group.academic_year + 1})"


def _organization_title(row: Model) -> str:
    return "Карточка организации" if isinstance(row, OrganizationCard) else str(row)


ENTITIES: Final[Mapping[str, Entity]] = {
    one.code: one
    for one in (
        Entity("student", "Обучающийся", "Обучающиеся", "students.read", kind=KINDS["student"]),
        Entity("guardian", "Родитель", "Родители", "guardians.read", kind=KINDS["guardian"]),
        Entity("staff", "Работник", "Работники", "staff.read", kind=KINDS["staff"]),
        Entity("group", "Класс, группа", "Классы и группы", "groups.read", _group_title),
        Entity("order", "Приказ", "Приказы", "orders.read", _order_title),
        Entity(
            "organization",
            "Организация",
            "Организация",
            "organization.read",
            _organization_title,
            KINDS["organization"],
        ),
        Entity("file", "Файл", "Файлы", "recovery.read", _file_title),
    )
}
_STUDENT: Final = (("student", "student_id"),)
_PERSON: Final = (("student", "student_id"), ("guardian", "guardian_id"))
_MEMBER: Final = (("staff", "member_id"),)


def _of_staff(code: str, title: str, model: type[Model], **more: Any) -> Part:
    return Part(code, title, model, _MEMBER, ("member_id",), named=True, **more)


def _of_organization(code: str, title: str, model: type[Model], **more: Any) -> Part:
    return Part(code, title, model, (("organization", "id"),), **more)


PARTS: Final[Mapping[str, Part]] = {
    one.code: one
    for one in (
        Part("file", "Файл", StoredFile, (("file", "id"),), hidden=frozenset({"sha256", "uploaded_by"})),
        _of_organization("organization", "Карточка", OrganizationCard),
        _of_organization("responsible", "Ответственное лицо", ResponsiblePerson),
        _of_organization("building", "Здание", Building),
        _of_organization("room", "Помещение", Room, owners=("building_id",)),
        _of_organization("equipment", "Оборудование", Equipment, owners=("building_id", "room_id")),
        _of_organization("document", "Документ организации", OrganizationDocument),
        Part("student", "Карточка", Student, (("student", "id"),)),
        Part("guardian", "Карточка", Guardian, (("guardian", "id"),)),
        Part("staff", "Карточка", StaffMember, (("staff", "id"),)),
        Part("group", "Класс, группа", Group, (("group", "id"),)),
        Part("order", "Приказ", Order, (("order", "id"),)),
        Part("special", "Особые сведения", StudentSpecial, _STUDENT, ("student_id",)),
        Part("deviant", "Учёт", DeviantRecord, _STUDENT, ("student_id",)),
        Part("link", "Связь с представителем", GuardianLink, _STUDENT, ("student_id", "guardian_id")),
        Part("former_document", "Прежний документ", FormerDocument, _PERSON, ("student_id", "guardian_id")),
        Part("former_address", "Прежний адрес", FormerAddress, _PERSON, ("student_id", "guardian_id")),
        Part("achievement", "Достижение", Achievement, _STUDENT, ("student_id",), also=("file_id",), named=True),
        _of_staff("diploma", "Диплом", Diploma),
        _of_staff("award", "Награда", Award),
        _of_staff("certification", "Аттестация", Certification),
        _of_staff("training", "Курсы повышения квалификации", StaffTraining),
        _of_staff("work", "Методическая разработка", MethodicalWork),
        _of_staff("former_value", "Прежнее значение", FormerValue),
        Part(
            "consent",
            "Согласие",
            Consent,
            (*_PERSON, ("staff", "employee_id")),
            ("student_id", "guardian_id", "employee_id"),
            hidden=frozenset({"terms_id"}),
            is_missed_only=True,
            named=True,
        ),
        Part(
            "request",
            "Обращение",
            SubjectRequest,
            _STUDENT,
            ("student_id",),
            hidden=frozenset({"author_id", "text", "answer"}),
            named=True,
        ),
        Part(
            "certificate",
            "Справка",
            Certificate,
            _STUDENT,
            ("student_id",),
            hidden=frozenset({"code", "facts"}),
            named=True,
        ),
        Part("enrollment", "Место в организации", Enrollment, _STUDENT, ("student_id",), named=True),
        Part(
            "placement",
            "Нахождение в классе",
            Placement,
            _STUDENT,
            ("enrollment_id",),
            via=(Enrollment, "enrollment_id"),
        ),
        Part("order_row", "Строка приказа", OrderRow, (("order", "order_id"),), ("order_id", "student_id")),
    )
}
RANK: Final[Mapping[str, int]] = {code: rank for rank, code in enumerate(PARTS)}
NOT_COMPARED: Final[Mapping[str, str]] = {
    "history_event": "журнал дополняется и не переписывается",
    "recovery_difference": "сами отличия",
    "cards_batch": "изменения многих карточек: о них говорит журнал",
    "cards_batchchange": "изменения многих карточек: о них говорит журнал",
    "cards_cardfile": "загрузки карточек: в силе то, что они записали",
    "cards_cardfilerow": "загрузки карточек: в силе то, что они записали",
    "cards_sectiondraft": "черновики живут месяц",
    "cards_differentpeople": "решение о похожих карточках принимают заново",
    "consents_consentterms": "тексты согласий не меняются и не удаляются",
    "consents_blockeddecision": "решения об уничтожении не отменяются",
    "consents_operatordetails": "реквизиты оператора ведутся в своём разделе",
    "duties_dutyorder": "подписанный приказ неизменен, черновик составляют заново",
    "duties_dutyrow": "подписанный приказ неизменен, черновик составляют заново",
    "duties_acknowledgement": "ознакомление подтверждает сам работник",
    "intake_importrun": "загрузки контингента: в силе то, что они записали",
    "intake_stagedrow": "загрузки контингента: в силе то, что они записали",
    "intake_sealeddraft": "черновики без согласия не показываются",
    "intake_importeffect": "загрузки контингента: в силе то, что они записали",
    "intake_importchange": "загрузки контингента: в силе то, что они записали",
    "security_rightsreview": "права остаются сегодняшними",
    "security_protectionregulation": "меры защиты ведутся в своём разделе",
    "security_incident": "инциденты ведутся в своём разделе",
    "papers_numbering": "номера бланков назад не идут",
    "papers_printing": "журнал печати не переписывается",
    "papers_printjob": "массовая печать запускается заново",
}
