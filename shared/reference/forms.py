"""A new value, another name, the days of a value, its other names."""

from __future__ import annotations

import datetime
import re
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils import timezone

from shared.classifiers.books import Book
from shared.classifiers.catalog import Classifier
from shared.classifiers.models import LONGEST_LABEL, ClassifierValue
from shared.classifiers.services import NewValue
from shared.ui.forms import SpeakingForm

NOTICE_DAYS: Final = 10  # the region announces a change that long before. Source: REGION 5 («our default»)
EARLIEST: Final = datetime.date(1990, 1, 1)
_DAY: Final = datetime.timedelta(days=1)
_AHEAD: Final = 366 * 10
_MOST_NAMES: Final = 20
_HAS_LETTER: Final = RegexValidator(re.compile(r"[^\W_]"), "В названии нет ни буквы, ни цифры. Введите название.")
_NO_CONTROL: Final = RegexValidator(
    re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060\ufeff]"),
    "В названии есть невидимые знаки. Наберите его заново.",
    inverse_match=True,
)


class NameField(forms.CharField):
    """A name as it will stand in lists: one space between words, nothing invisible."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=LONGEST_LABEL, validators=[_HAS_LETTER, _NO_CONTROL], **kwargs)

    def to_python(self, value: Any) -> str:
        return " ".join((super().to_python(value) or "").split())


class NamesField(forms.CharField):
    """Other names, one a line."""

    def __init__(self) -> None:
        super().__init__(
            label="Другие названия",
            required=False,
            help_text="По одному в строке. По ним значение узнаётся при загрузке таблиц.",
            widget=forms.Textarea(attrs={"rows": 3}),
        )

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        lines = [" ".join(line.split()) for line in (super().to_python(value) or "").splitlines()]
        return list(dict.fromkeys(filter(None, lines)))

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def run_validators(self, value: Any) -> None:
        if len(value) > _MOST_NAMES:
            raise ValidationError(f"Больше {_MOST_NAMES} других названий не бывает. Оставьте нужные.")
        for name in value:
            if len(name) > LONGEST_LABEL:
                raise ValidationError(f"Название длиннее {LONGEST_LABEL} знаков. Сократите его.")
            _HAS_LETTER(name)
            _NO_CONTROL(name)


class DayField(forms.DateField):
    """A day on which something may begin or end."""

    def validate(self, value: Any) -> None:
        super().validate(value)
        latest = timezone.localdate() + _DAY * _AHEAD
        if value is not None and not EARLIEST <= value <= latest:
            raise ValidationError(f"Дата вне пределов: с {EARLIEST:%d.%m.%Y} по {latest:%d.%m.%Y}. Исправьте её.")


class AddForm(SpeakingForm):
    """A value that the classifier does not have."""

    label = NameField(label="Название")
    like = forms.ChoiceField(label="Считать так же, как", help_text="Программа считает новое значение как это.")
    after = forms.ChoiceField(label="Поставить после", required=False)
    valid_from = DayField(label="Действует с")
    last_day = DayField(label="По день включительно", required=False, help_text="Пусто — бессрочно.")
    other_names = NamesField()
    act = forms.CharField(label="Основание", max_length=300, required=False, help_text="Акт, его номер и дата.")

    def __init__(self, *args: Any, book: Book, classifier: Classifier, **kwargs: Any) -> None:
        kwargs["initial"] = {"valid_from": timezone.localdate(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        valid = [(item.code, item.label) for item in classifier.valid(timezone.localdate())]
        self.fields["after"].choices = [("", "В конце"), *valid]  # type: ignore[attr-defined]
        if book.alike:
            self.fields["like"].choices = [("", "Выберите значение"), *valid]  # type: ignore[attr-defined]
        else:
            del self.fields["like"]

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        first, last = facts.get("valid_from"), facts.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", "Последний день раньше первого. Исправьте одну из дат.")
        return facts

    @property
    def new(self) -> NewValue:
        facts = self.cleaned_data
        return NewValue(
            label=facts["label"],
            valid_from=facts["valid_from"],
            valid_to=facts["last_day"] + _DAY if facts["last_day"] else None,
            like=facts.get("like", ""),
            after=facts["after"],
            other_names=facts["other_names"],
            act=facts["act"],
        )


class _ChangeForm(SpeakingForm):
    """A change of a row as the person saw it."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)


class RenameForm(_ChangeForm):
    """Another name of a value from a day."""

    label = NameField(label="Новое название")
    valid_from = DayField(label="Называется так с", help_text=f"О перемене предупреждают за {NOTICE_DAYS} дней.")
    act = forms.CharField(label="Основание", max_length=300, required=False, help_text="Акт, его номер и дата.")

    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("version", "label", "valid_from", "act")}

    @staticmethod
    def initial_of(value: ClassifierValue) -> dict[str, Any]:
        today = timezone.localdate()
        return {"label": value.label, "valid_from": today + _DAY * NOTICE_DAYS}


class TermForm(_ChangeForm):
    """The last day of a value; empty returns it to use."""

    last_day = DayField(
        label="Действует по день включительно",
        required=False,
        help_text="Пусто — бессрочно. Записанное раньше остаётся и печатается, в новых записях значения не будет.",
    )
    act = forms.CharField(label="Основание", max_length=300, required=False, help_text="Акт, его номер и дата.")

    def facts(self) -> dict[str, Any]:
        last: datetime.date | None = self.cleaned_data["last_day"]
        return {
            "version": self.cleaned_data["version"],
            "valid_to": last + _DAY if last else None,
            "act": self.cleaned_data["act"],
        }

    @staticmethod
    def initial_of(value: ClassifierValue) -> dict[str, Any]:
        return {"last_day": value.last_day, "act": value.act}


class NamesForm(_ChangeForm):
    """Other writings of a value."""

    other_names = NamesField()

    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("version", "other_names")}

    @staticmethod
    def initial_of(value: ClassifierValue) -> dict[str, Any]:
        return {"other_names": value.other_names}
