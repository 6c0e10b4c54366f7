"""Invented content of the component catalog: long names, empty values, every state of a field."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Final

from django import forms
from django.core.paginator import Page, Paginator

from shared.ui.shell import MenuGroup, MenuItem, Place, Shell

_MOMENT: Final = datetime.datetime(2026, 9, 20, 14, 2, 31)
_BARS: Final = [
    ("Муниципальное образование город-курорт Анапа", 61204, "#anapa"),
    ("Белореченский муниципальный округ", 8912, "#belorechensk"),
    ("Динской район", 7340, "#dinskaya"),
    ("Без территории", 0, ""),
]


class KitForm(forms.Form):
    """One field of each kind; some are filled wrongly on purpose."""

    last_name = forms.CharField(label="Фамилия", initial="Хворостьянов-Задунайский")
    middle_name = forms.CharField(label="Отчество", required=False)
    born_on = forms.DateField(
        label="Дата рождения", help_text="Например, 19.08.2018", widget=forms.DateInput, input_formats=["%d.%m.%Y"]
    )
    snils = forms.RegexField(
        r"^\d{3}-\d{3}-\d{3} \d{2}$",
        label="СНИЛС",
        error_messages={"invalid": "СНИЛС записан не полностью. Введите 11 цифр."},
    )
    grade = forms.ChoiceField(label="Класс", choices=[("", "Выберите класс"), ("5А", "5А"), ("5Б", "5Б")])
    shift = forms.ChoiceField(
        label="Смена", choices=[("1", "Первая"), ("2", "Вторая"), ("3", "Третья")], widget=forms.RadioSelect
    )
    needs = forms.MultipleChoiceField(
        label="Особые условия",
        choices=[("health", "ОВЗ"), ("disability", "Инвалидность")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    reason = forms.CharField(label="Основание", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    scan = forms.FileField(label="Скан заявления", required=False)
    password = forms.CharField(label="Пароль", widget=forms.PasswordInput)
    is_paper = forms.BooleanField(label="Издан на бумаге", required=False)


@dataclass(frozen=True, slots=True)
class KitRow:
    """A learner of the sample list."""

    name: str
    born_on: datetime.date
    group: str
    kind: str
    state: str


_ROWS: Final = [
    KitRow("Антипова Василиса Романовна", datetime.date(2012, 3, 14), "7Б", "ok", "Обучается"),
    KitRow("Хворостьянов-Задунайский Константин Эдуардович", datetime.date(2015, 9, 2), "4А", "warn", "Переводится"),
    KitRow("Алиев Рашид Гасан оглы", datetime.date(2010, 6, 5), "9В", "idle", "Выбыл"),
]


def kit_shell() -> Shell:
    """A shell with every part filled."""
    return Shell(
        workspace="organization",
        workspace_name="Лицей № 14",
        subtitle="2026/27 учебный год",
        menu=[
            MenuGroup("", [MenuItem("Главная", "#home", "home")]),
            MenuGroup(
                "Контингент",
                [
                    MenuItem("Обучающиеся", "#learners", "users", active=True),
                    MenuItem("Классы и группы", "#groups", "users-group"),
                    MenuItem("Движение", "#movement", "arrows-exchange", counter=3),
                ],
            ),
            MenuGroup("Отчётность", [MenuItem("Федеральные формы", "#forms", "table", counter=1, tone="bad")]),
        ],
        user_name="Соколова Мария Андреевна",
        user_role="Заместитель директора по УВР",
        places=[
            Place("Лицей № 14", "Заместитель директора", "#move", "1", is_current=True),
            Place("Управление образования", "Специалист", "#move", "2", workspace="municipality"),
        ],
        search_url="#search",
        data_time=_MOMENT,
        footer="Краснодарский край",
    )


def _wrong_form() -> KitForm:
    form = KitForm({"last_name": "Рощина", "born_on": "31.02.2018", "snils": "123", "shift": "1"})
    form.add_error(None, "В классе 5А нет свободных мест (25). Выберите другой класс.")
    return form


def _page() -> Page[int]:
    return Paginator(range(1186), 50).page(4)


def kit_context() -> dict[str, object]:
    """Context of ``ui/kit.html``."""
    return {
        "shell": kit_shell(),
        "form": KitForm(),
        "wrong_form": _wrong_form(),
        "rows": _ROWS,
        "bars": _BARS,
        "page_obj": _page(),
        "numbers": [1, 2, 5, 1186, 148316],
    }
