"""Cells of one row turned into values; what cannot be read becomes a problem with the name of its column."""

import datetime
import re
from functools import cache, lru_cache
from typing import Final, TypeVar

from shared.classifiers.catalog import load_catalog, text_key
from shared.kernel.days import parse_day
from shared.kernel.identifiers import normalize_snils
from shared.kernel.names import clean_name

from . import fields as f
from .fields import Problem, Sex

T = TypeVar("T")

_LETTER: Final = re.compile(r"[^\W\d_]")
_NOT_IN_NAME: Final = re.compile(r"[\d_@#$%^&*+=<>{}\[\]|\\/~!?;:\"]")
_NO_PATRONYMIC: Final = frozenset({"", "нет", "отсутствует", "без отчества", "б/о", "не имеет"})
_SEXES: Final[dict[str, Sex]] = {
    **dict.fromkeys(("м", "m", "муж", "муж.", "мужской"), "M"),
    **dict.fromkeys(("ж", "f", "жен", "жен.", "женский"), "F"),
}
_FLAGS: Final = {
    **dict.fromkeys(("да", "есть", "yes", "true", "1", "+"), True),
    **dict.fromkeys(("нет", "no", "false", "0", "-"), False),
}
_SHIFTS: Final[dict[str, int | None]] = {
    text: shift for shift in (1, 2, 3) for text in (str(shift), f"{shift} смена", f"{shift}-я смена")
}
_FORMS: Final = {
    # A learner outside the organization has no form of study of his own; the registry's dimension has no empty value.
    **dict.fromkeys(("семейная", "семейное", "семейное образование", "family"), ("full_time", "family")),
    **dict.fromkeys(("самообразование", "self"), ("full_time", "self")),
}


class Cells:
    """The cells of one row by column, with the problems found while they are read.

    A reader of an optional column answers an empty value to a cell it does not understand and leaves a warning;
    a reader of a required column, a date or a checked number leaves an error.
    """

    __slots__ = ("_texts", "errors", "warnings")

    def __init__(self, texts: dict[str, str]) -> None:
        self._texts = texts
        self.errors: list[Problem] = []
        self.warnings: list[Problem] = []

    def refuse(self, field: str, reason: str) -> None:
        self.errors.append(Problem(field, reason))

    def warn(self, field: str, reason: str) -> None:
        self.warnings.append(Problem(field, reason))

    def has(self, field: str) -> bool:
        return field in self._texts

    def text(self, field: str) -> str:
        """The text of an optional column, cut to what can be kept."""
        text = self._texts.get(field)
        if text is None:
            return ""
        limit = f.MAX_LENGTHS.get(field, f.MAX_LENGTH)
        if len(text) > limit:
            self.warn(field, f"Текст в поле «{field}» длиннее {limit} знаков и сокращён. Проверьте его в карточке.")
            return text[:limit]
        return text

    def required(self, field: str) -> str:
        """The text of a required column; '' after an error."""
        text = self._texts.get(field, "")
        limit = f.MAX_LENGTHS.get(field, f.MAX_LENGTH)
        if not text:
            self.refuse(field, f"Поле «{field}» не заполнено. Заполните его: без него принять строку нельзя.")
        elif len(text) > limit:
            self.refuse(field, f"Текст в поле «{field}» длиннее {limit} знаков. Сократите его.")
            return ""
        return text

    def day(self, field: str) -> datetime.date | None:
        """A date; one that is written but impossible is an error even in an optional column."""
        text = self._texts.get(field)
        if text is None:
            return None
        try:
            return parse_day(text)
        except ValueError as error:
            self.refuse(field, f"В поле «{field}» {error}")
            return None

    def required_day(self, field: str) -> datetime.date | None:
        return self.day(field) if self.required(field) else None

    def required_name(self, field: str) -> str:
        text = self.required(field)
        name = self._name(field, text)
        if text and not any(map(str.isalpha, name)):
            self.refuse(field, f"В поле «{field}» стоит «{text}», это не похоже на имя: в нём нет букв. Впишите имя.")
        elif text and not _is_name(name):
            self.warn(field, f"В поле «{field}» стоит «{name}», это не похоже на имя. Проверьте его в карточке.")
        return name

    def name(self, field: str) -> str:
        text = self.text(field)
        if not text:
            return ""
        name = self._name(field, text)
        if name.lower() in _NO_PATRONYMIC:
            return ""
        if not _is_name(name):
            self.warn(field, f"В поле «{field}» стоит «{name}», это не похоже на имя. Проверьте его в карточке.")
        return name

    def _name(self, field: str, text: str) -> str:
        name, corrected = clean_name(text)
        if corrected:
            self.warn(field, f"В поле «{field}» латинские буквы заменены на русские: «{name}».")
        return name

    def sex(self) -> Sex | None:
        text = self.required(f.SEX)
        sex = _SEXES.get(text.lower())
        if text and sex is None:
            self.refuse(f.SEX, f"В поле «Пол» стоит «{text}». Напишите М или Ж.")
        return sex

    def snils(self) -> str:
        text = self.text(f.SNILS)
        try:
            return normalize_snils(text) if text else ""
        except ValueError as error:
            hint = ""
            if text.isdecimal() and len(text) in (9, 10):
                hint = " Если в номере потеряны нули впереди, сделайте ячейку текстовой."
            self.refuse(f.SNILS, f"{error}{hint}")
            return ""

    def choice(self, field: str, classifier: str, *, default: str = "", otherwise: str = "") -> str:
        """The code of a classifier: ``default`` for an empty cell, ``otherwise`` for a value that it does not have."""
        text = self._texts.get(field)
        if text is None:
            return default
        code = _resolve(classifier, text)
        if code is None:
            label = load_catalog().label(classifier, otherwise) if otherwise else ""
            taken = f"Принято «{label}»" if label else "Значение не учтено"
            self.warn(
                field, f"Значения «{text[:80]}» нет в справочнике поля «{field}». {taken}, исправьте его в карточке."
            )
            return otherwise
        return code

    def flag(self, field: str) -> bool:
        return self._from(_FLAGS, field, default=False, hint="да или нет", taken="Принято «нет»")

    def shift(self) -> int | None:
        return self._from(_SHIFTS, f.SHIFT, default=None, hint="1, 2 или 3", taken="Смена не записана")

    def forms(self) -> tuple[str, str]:
        """Codes of the form of study and of the form of education: one column holds both."""
        hint = "очная, очно-заочная, заочная, семейная или самообразование"
        default = ("full_time", "in_organization")
        return self._from(_forms(), f.FORM, default=default, hint=hint, taken="Принята очная")

    def departure_reason(self) -> tuple[str, str]:
        """The code of the movement and, when no code has it, the text as it was written."""
        text = self.text(f.DEPARTURE_REASON)
        if not text:
            return "", ""
        code = _departure_reasons().get(text_key(text))
        if code is None:
            self.warn(
                f.DEPARTURE_REASON,
                f"Причины «{text}» нет в справочнике выбытия. Принято «Иные причины», ваш текст сохранён в примечании.",
            )
            return "leave_other", text
        return code, ""

    def grade(self) -> int | None:
        text = self._texts.get(f.GRADE)
        if text is None:
            return None
        if text.isdecimal() and 1 <= int(text) <= 12:
            return int(text)
        self.warn(f.GRADE, f"В поле «Параллель» стоит «{text[:80]}», а нужно число от 1 до 12. Поле не учтено.")
        return None

    def _from(self, values: dict[str, T], field: str, *, default: T, hint: str, taken: str) -> T:
        text = self._texts.get(field)
        if text is None:
            return default
        known = values.get(text.lower())
        if known is None:
            known = values.get(text_key(text))
        if known is None:
            self.warn(field, f"В поле «{field}» стоит «{text[:80]}», а нужно: {hint}. {taken}, исправьте в карточке.")
            return default
        return known


def _is_name(text: str) -> bool:
    return _LETTER.search(text) is not None and _NOT_IN_NAME.search(text) is None


@lru_cache(maxsize=16384)
def _resolve(classifier: str, text: str) -> str | None:
    return load_catalog().resolve(classifier, text)


@cache
def _forms() -> dict[str, tuple[str, str]]:
    catalog = load_catalog()
    studies = {
        text_key(name): (item.code, "in_organization") for item in catalog["form_of_study"] for name in item.names
    }
    outside = {text_key(name): ("full_time", item.code) for item in catalog["form_of_education"] for name in item.names}
    return {**studies, **outside, **_FORMS}


@cache
def _departure_reasons() -> dict[str, str]:
    """Ways to write a reason: code, label, label without «Выбытие: »; graduates leave too, at the end of a year."""
    reasons = {"выпуск": "graduate", "в связи с завершением обучения": "graduate"}
    for item in load_catalog()["movement_type"]:
        if item.facts["flow"] == "out" or item.code == "graduate":
            for name in item.names:
                reasons[text_key(name)] = item.code
                reasons[text_key(name.rpartition(": ")[2])] = item.code
    return reasons
