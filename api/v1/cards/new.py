"""New cards, by the services and the checks of the pages; an equal person is refused, not made twice.

Source: ORGANIZATION 2.3 (search before create), KK П 5.4.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, Final

from django.shortcuts import get_object_or_404
from django.urls import reverse
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.v1.authentication import actor_of
from api.v1.cards.answers import card_answer, fresh
from api.v1.cards.reading import refuse_invalid, refuse_unknown, typed_values
from api.v1.cards.shapes import IDEMPOTENCY_KEY, KNOWN, REFUSED, CardWhole, GuardianNew, StaffNew, StudentNew
from api.v1.cards.views import CardList
from api.v1.repeats import made_once
from shared.access.requests import organization_of
from shared.cards.forms import SectionForm
from shared.cards.kinds import CardKind
from shared.cards.layout import Field
from shared.cards.models import CardModel
from shared.cards.values import is_filled
from shared.tenancy.scopes import give_reason
from tenants.cards.sections import common_fields
from tenants.people.forms import ADDRESS_FIELDS, SPECIAL_FIELDS, StudentForm
from tenants.people.guardian_forms import CARD_FIELDS as ASKED_OF_GUARDIANS
from tenants.people.guardians import GuardianFacts, add_guardian
from tenants.people.models import Guardian, Student
from tenants.people.numbering import keeps_personal_files
from tenants.people.services import create_student
from tenants.staff.models import StaffMember
from tenants.staff.services import hire

_BESIDE: Final = ("consent_on", "is_namesake")  # stand beside the values
_FIRST: Final = ("last_name", "first_name", "patronymic", "phone")


def _described(asked: type[serializers.Serializer[Any]]) -> Any:
    responses = {201: CardWhole} | KNOWN | REFUSED
    return extend_schema(request=asked, parameters=[IDEMPOTENCY_KEY], responses=responses)


class CardRegister(CardList, ABC):
    """Карточки, которые вам открыты, и новая карточка."""

    shape: ClassVar[type[serializers.Serializer[Any]]]
    is_for_everybody: ClassVar[bool] = True  # whoever edits some cards only makes none

    def post(self, request: Request) -> Response:
        """Make a card, unless the same person has one already."""
        right = actor_of(request).right(self.kind.edits)
        if right is None or (self.is_for_everybody and not right.is_everywhere):
            raise exceptions.PermissionDenied
        asked = self.shape(data=request.data)
        asked.is_valid(raise_exception=True)
        return made_once(
            request,
            lambda: self.make(request, asked.validated_data).pk,
            answer=lambda made: self._answer(request, fresh(self.kind, made)),
            again=lambda made: self._answer(request, self.card_or_404(made)),
        )

    def _answer(self, request: Request, card: CardModel) -> Response:
        answer = card_answer(request, self.kind, card, status=201)
        answer.headers["Location"] = reverse(f"api:{self.kind.code}_card", args=[card.pk])
        return answer

    @abstractmethod
    def make(self, request: Request, asked: Mapping[str, Any]) -> CardModel:
        """The card of these checked values."""


@extend_schema_view(post=_described(StudentNew))
class StudentRegister(CardRegister):
    shape = StudentNew

    def make(self, request: Request, asked: Mapping[str, Any]) -> Student:
        """By the form of the page: special facts only from who may write them, proposals where nothing is said."""
        may_special = actor_of(request).may("students.special.edit")
        fields = StudentForm(may_special=may_special).fields
        refuse_unknown(asked["values"].keys(), fields.keys() - set(_BESIDE))
        proposed = {code: one.initial for code, one in fields.items() if one.initial is not None}
        values = {**typed_values(asked["values"]), **_answers(asked["values"])}
        beside = {name: asked[name] for name in _BESIDE}
        form = StudentForm({**proposed, **values, **beside}, may_special=may_special)
        refuse_invalid(form)
        if asked["basis"]:
            give_reason(asked["basis"])
        return create_student(
            facts=form.facts,
            is_namesake=asked["is_namesake"],
            gives_file_no=keeps_personal_files(organization_of(request._request)),
            recorded_by=actor_of(request).signature,
        )


@extend_schema_view(post=_described(GuardianNew))
class GuardianRegister(CardRegister):
    shape = GuardianNew
    is_for_everybody = False  # who keeps the cards of a class adds representatives of its learners

    def make(self, request: Request, asked: Mapping[str, Any]) -> Guardian:
        """A representative of one child; the person known by this name and telephone represents him too."""
        actor = actor_of(request)
        student = get_object_or_404(Student.objects.known().seen_by(actor, "guardians.edit"), pk=asked["student"])
        fields = _typed_fields(self.kind)
        known = {one.code for one in fields if not one.is_masked or one.code in ASKED_OF_GUARDIANS}
        if asked["values"].keys() - known:
            identified = Student.objects.known().seen_by(actor, "students.identity").filter(pk=student.pk)
            known = {one.code for one in fields} if identified.exists() else known
        refuse_unknown(asked["values"].keys(), known)
        filled = _filled(self.kind, fields, asked["values"])
        takes = asked["has_childs_addresses"] and not student.is_address_protected
        addresses = {code: getattr(student, code) for code in ADDRESS_FIELDS} if takes else {}
        facts = GuardianFacts(
            **{code: filled[code] for code in _FIRST if code in filled},
            relation=asked["relation"],
            consent_on=asked["consent_on"],
            more=addresses | {code: value for code, value in filled.items() if code not in _FIRST},
        )
        if asked["basis"]:
            give_reason(asked["basis"])
        return add_guardian(student=student, facts=facts, recorded_by=actor.signature).guardian


@extend_schema_view(post=_described(StaffNew))
class StaffRegister(CardRegister):
    shape = StaffNew

    def make(self, request: Request, asked: Mapping[str, Any]) -> StaffMember:
        fields = _typed_fields(self.kind)
        refuse_unknown(asked["values"].keys(), {one.code for one in fields} - set(_BESIDE))
        values = {**asked["values"], "consent_on": asked["consent_on"]}
        return hire(
            values=_filled(self.kind, fields, values),
            by=actor_of(request).signature,
            is_namesake=asked["is_namesake"],
        )


REGISTERS: Final[Mapping[str, type[CardRegister]]] = {
    "student": StudentRegister,
    "guardian": GuardianRegister,
    "staff": StaffRegister,
}


def _typed_fields(kind: CardKind) -> list[Field]:
    return [one for one in common_fields(kind).values() if not one.is_derived]


def _filled(kind: CardKind, fields: list[Field], values: Mapping[str, Any]) -> dict[str, Any]:
    """Values that stand in the card, checked as in its sections."""
    form = SectionForm(typed_values(values), card=kind.code, fields=fields, values={})
    refuse_invalid(form)
    return {code: value for code, value in form.typed_values.items() if is_filled(value)}


def _answers(values: Mapping[str, Any]) -> dict[str, bool]:
    """Facts that are ticked on the page."""
    asked = {code: values[code] for code in SPECIAL_FIELDS if code in values}
    wrong = {code: ["Здесь бывает только true или false."] for code, one in asked.items() if not isinstance(one, bool)}
    if wrong:
        raise exceptions.ValidationError(wrong)
    return asked
