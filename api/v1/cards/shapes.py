"""What travels: cards, their rows, changes of them, new ones."""

from __future__ import annotations

import datetime
from typing import Any, Final

from django.utils import timezone
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers

from shared.cards.layout import Absence
from shared.classifiers.catalog import load_catalog
from shared.kernel.problems import CONTENT_TYPE

BASIS: Final = "Документ, на котором основана правка."
NO_CONSENT: Final = "Без письменного согласия карточку заводить нельзя. Укажите дату согласия."
IF_MATCH: Final = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    required=True,
    description="ETag карточки, которую вы прочли: чужое не затирается.",
)
IF_MATCH_ASKED: Final = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    description="ETag карточки, которую вы прочли. С ним повтор запроса ничего не запишет второй раз.",
)
IDEMPOTENCY_KEY: Final = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description=(
        "Ваш ключ этого запроса, например UUID. Повтор с тем же ключом в течение суток ничего не создаст второй раз "
        "и ответит тем, что создал первый запрос, с заголовком Idempotent-Replayed."
    ),
)
SECTION: Final = OpenApiParameter(
    "section", str, OpenApiParameter.PATH, description="Код раздела: одно из имён в rows карточки."
)


def problem(words: str) -> OpenApiResponse:
    """A refusal that a caller should expect here, in words; the shape is that of every error."""
    return OpenApiResponse({"$ref": "#/components/schemas/Problem"}, description=words)


KNOWN: Final = {(409, CONTENT_TYPE): problem("Такая карточка уже есть: facts называет её, если она видна вам.")}
REFUSED: Final = {(422, CONTENT_TYPE): problem("Правило организации не даёт этого сделать; какое, сказано в detail.")}
STALE: Final = {(412, CONTENT_TYPE): problem("Карточку изменили после того, как вы её прочли.")}
UNMATCHED: Final = {(428, CONTENT_TYPE): problem("Нет заголовка If-Match.")}


class CardShape(serializers.Serializer):
    """A card as the caller may see it."""

    id = serializers.UUIDField()
    title = serializers.CharField(help_text="Как карточку называют списки.")
    updated_at = serializers.DateTimeField()
    confirmed_on = serializers.DateField(allow_null=True, help_text="Когда подтвердили, что карточка верна.")
    values = serializers.DictField(help_text="Значения по коду поля.")
    absences = serializers.DictField(help_text="Почему поле пусто: absent, not_given.")
    closed = serializers.ListField(child=serializers.CharField(), help_text="Поля, закрытые для вас.")


class CardWhole(CardShape):
    rows = serializers.DictField(help_text="Повторяющиеся записи по разделам.")
    missing = serializers.ListField(child=serializers.CharField(), help_text="Чего в карточке не хватает.")


class CardChange(serializers.Serializer):
    """What to change: only the named fields, all of them or none."""

    values = serializers.DictField(required=False, default=dict, help_text="Новые значения; null очищает поле.")
    absences = serializers.DictField(
        child=serializers.ChoiceField(choices=["", *(one.value for one in Absence)]), required=False, default=dict
    )
    basis = serializers.CharField(required=False, default="", allow_blank=True, max_length=300, help_text=BASIS)


class _New(serializers.Serializer):
    """A new card; the written consent of the person comes with it. Source: KK П 5.4."""

    values = serializers.DictField(help_text="Значения по коду поля.")
    consent_on = serializers.DateField(
        help_text="Дата письменного согласия на обработку персональных данных.",
        error_messages={"required": NO_CONSENT, "null": NO_CONSENT},
    )


class StudentNew(_New):
    """A new learner, as the page of a new learner asks for him."""

    is_namesake = serializers.BooleanField(
        required=False, default=False, help_text="Это другой ребёнок с тем же именем и датой рождения."
    )
    basis = serializers.CharField(required=False, default="", allow_blank=True, max_length=300, help_text=BASIS)


class StaffNew(_New):
    """A new employee; the document behind it is the order of hiring among the values."""

    is_namesake = serializers.BooleanField(
        required=False, default=False, help_text="Это другой человек с тем же именем и датой рождения."
    )


class GuardianNew(serializers.Serializer):
    """A representative of one child; without a consent of his only the name and a telephone."""

    student = serializers.UUIDField(help_text="Кого он представляет.")
    relation = serializers.CharField(help_text="Кем приходится: код справочника guardian_relation.")
    values = serializers.DictField(help_text="Значения по коду поля.")
    consent_on = serializers.DateField(
        required=False,
        default=None,
        allow_null=True,
        help_text="Дата его письменного согласия; без неё записывают только имя, телефон и родство.",
    )
    has_childs_addresses = serializers.BooleanField(
        required=False, default=False, help_text="Адреса как у ребёнка; названные в values важнее."
    )
    basis = serializers.CharField(required=False, default="", allow_blank=True, max_length=300, help_text=BASIS)

    def validate_relation(self, value: str) -> str:
        if value not in load_catalog().codes("guardian_relation"):
            raise serializers.ValidationError("Выберите, кем этот человек приходится ребёнку.")
        return value

    def validate_consent_on(self, value: datetime.date | None) -> datetime.date | None:
        if value is not None and value > timezone.localdate():
            raise serializers.ValidationError("Эта дата ещё не наступила. Проверьте год.")
        return value


class RowShape(serializers.Serializer):
    """One row of a section of rows, as the caller may see it."""

    id = serializers.UUIDField()
    section = serializers.CharField(help_text="Код раздела.")
    values = serializers.DictField(help_text="Значения по коду поля.")
    closed = serializers.ListField(child=serializers.CharField(), help_text="Поля, закрытые для вас.")


class RowsShape(serializers.Serializer):
    """All rows of a section: there are few, so there is one page of them."""

    next = serializers.CharField(allow_null=True)
    results = RowShape(many=True)


class RowNew(serializers.Serializer):
    """A new row of a section."""

    values = serializers.DictField(help_text="Значения по коду поля.")
    basis = serializers.CharField(required=False, default="", allow_blank=True, max_length=300, help_text=BASIS)


class RowChange(RowNew):
    """What to correct in a row: only the named fields."""

    values = serializers.DictField(required=False, default=dict, help_text="Новые значения; null очищает поле.")


class RowWithdrawal(serializers.Serializer):
    """Why a row is taken away; it is no longer shown and stays in the history."""

    reason = serializers.CharField(
        max_length=200,
        help_text="Что записано неверно.",
        error_messages=dict.fromkeys(("required", "null", "blank"), "Напишите в reason, что записано неверно."),
    )


class RowSchema(AutoSchema):
    """Names of the operations with rows, and the body of a withdrawal: a reason may name people, addresses may not."""

    def get_operation_id(self) -> str:
        one = "row" if "{row}" in self.path else "rows"
        return f"{'_'.join(self._tokenize_path())}_{one}_{self.method.lower()}"

    def get_operation(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        operation: dict[str, Any] | None = super().get_operation(*args, **kwargs)
        if operation is not None and self.method == "DELETE":
            body = self.resolve_serializer(RowWithdrawal(), "request").ref
            operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": body}}}
        return operation
