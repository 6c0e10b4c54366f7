"""Tables, columns and values of the log in Russian, from the models' own ``verbose_name``."""

from __future__ import annotations

import datetime
import re
from functools import cache
from typing import Any, Final

from django.apps import apps
from django.db import models
from django.utils import timezone

EMPTY: Final = "пусто"
HIDDEN: Final = "скрыто"
# What views name as the subject of an action, and lists that are no table of their own.
SUBJECTS: Final = {
    "ceiling": "Предел прав",
    "duty_order": "Приказ об обязанностях",
    "file": "Файл",
    "rights": "Права доступа",
    "organization": "Организация",
    "agreement": "Соглашение о сотрудничестве",
    "student": "Обучающийся",
    "person": "Человек в реестре",
    "account": "Учётная запись",
    "history": "Журнал действий",
    "registration": "Регистрация в системе «Кадры»",
    "visits": "Статистика посещений",
}
FACTS: Final = {
    "path": "адрес страницы",
    "field": "поле",
    "authority": "орган управления",
    "organization": "организация",
    "support_case": "обращение в поддержку",
    "code": "причина отказа",
    "kind": "вид",
    "organizations": "организаций",
    "people": "человек",
    "purpose": "назначение",
    "role": "роль",
    "roles": "роли",
    "guardian": "представитель",
    "host": "узел",
    "day": "с даты",
}
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")
_LONGEST: Final = 200


@cache
def _models() -> dict[str, type[models.Model]]:
    return {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}


@cache
def _columns(table: str) -> dict[str, models.Field[Any, Any]]:
    model = _models().get(table)
    return {str(field.column): field for field in model._meta.concrete_fields} if model else {}


def kind_label(kind: str) -> str:
    """A table or a subject as a person calls it."""
    if kind in SUBJECTS:
        return SUBJECTS[kind]
    model = _models().get(kind)
    name = str(model._meta.verbose_name) if model else kind
    return name[:1].upper() + name[1:]


def field_label(table: str, column: str) -> str:
    """«Телефон»; a column of an earlier release keeps its own name."""
    field = _columns(table).get(column)
    name = str(field.verbose_name) if field else column
    return name[:1].upper() + name[1:]


def value_text(table: str, column: str, value: Any) -> str:
    """A recorded value as a person reads it. ``value`` is what JSON held."""
    if value is None or value in ("", [], {}):
        return EMPTY
    if isinstance(value, bool):
        return "да" if value else "нет"
    if isinstance(value, list):
        return ", ".join(value_text(table, column, one) for one in value)
    if isinstance(value, dict):
        return f"записей: {len(value)}"
    field = _columns(table).get(column)
    choices = dict(field.flatchoices) if field is not None else {}
    if value in choices:
        return str(choices[value])
    return _date_text(str(value))[:_LONGEST]


def _date_text(text: str) -> str:
    if _DAY.fullmatch(text):
        return f"{datetime.date.fromisoformat(text):%d.%m.%Y}"
    if _MOMENT.match(text):
        return f"{timezone.localtime(datetime.datetime.fromisoformat(text)):%d.%m.%Y %H:%M}"
    return text
