"""How a field's value is read from a person's text, written back for him, and typed in a form.

A kind is one line of ``KINDS``: the same reading serves the form of a section, a cell of a file and the API, so a value
is refused with the same sentence everywhere.
"""

from __future__ import annotations

import datetime
import re
import uuid
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from urllib.parse import urlsplit

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.core.validators import validate_email
from django.db.models import Model
from django.utils import timezone

from shared.cards.bounds import largest
from shared.cards.layout import Field
from shared.classifiers.local import classifier_here
from shared.kernel import identifiers as numbers
from shared.kernel.addresses import normalize_address
from shared.kernel.days import parse_day
from shared.kernel.names import clean_name
from shared.kernel.phones import normalize_phone, normalize_phones
from shared.kernel.text import plural

Read = Callable[[Field, str], Any]  # Any: a field's value is of its kind
Write = Callable[[Field, Any], str]

YES: Final = frozenset({"да", "есть", "yes", "true", "1", "+", "имеется"})
NO: Final = frozenset({"нет", "no", "false", "0", "-", "не имеется", "отсутствует"})
BOOK_DIGITS: Final = 6  # an alphabetical book has no longer numbers, and the next one is counted from them
_OVERLONG: Final = re.compile(rf"\w-\d{{{BOOK_DIGITS + 1},}}")
_LARGEST: Final = Decimal(999_999_999)  # of a field whose column says nothing
_EMPTY: Final[tuple[object, ...]] = (None, "", [], ())


@dataclass(frozen=True, slots=True)
class Kind:
    """``read`` takes a text that is not empty; ``empty`` is the value of an empty one."""

    read: Read
    write: Write
    empty: Any = ""  # Any: what an empty text means for this kind


def read(field: Field, text: str, *, keep: Collection[str] = ()) -> Any:
    """The value of a text as a person writes it. Raises: ValueError with one sentence for him.

    ``keep``: codes of a classifier that stand on the card and may stay, though they are ended by now.
    """
    text = text.replace("\x00", "").strip()  # the database keeps no zero character
    kind = KINDS[field.kind]
    if not text:
        return list(kind.empty) if isinstance(kind.empty, list) else kind.empty
    if field.kind == "choices":
        return read_several(field, text.split(";"), keep=keep)
    value = _choice(field, text, keep) if field.kind == "choice" else kind.read(field, text)
    if field.max_length and isinstance(value, str) and len(value) > field.max_length:
        raise ValueError(f"Текст длиннее {field.max_length} знаков. Сократите его.")
    return value


def read_several(field: Field, texts: Iterable[str], *, keep: Collection[str] = ()) -> list[str]:
    """Codes of several texts, each once. Raises: ValueError as ``read``."""
    plain_texts = (text.replace("\x00", "").strip() for text in texts)
    return list(dict.fromkeys(_choice(field, text, keep) for text in plain_texts if text))


def offered(field: Field, keep: Collection[str] = ()) -> list[tuple[str, str]]:
    """What a form offers of a classifier: what is in force today, and what stands on the card already.

    Of a kept value that is ended its label says since when; a text that no classifier knows stays as it is.
    """
    classifier, today = classifier_here(field.classifier), timezone.localdate()
    pairs = [
        (code, f"{label} ({why})" if (why := classifier[code].refusal_on(today)) else label)
        for code, label in classifier.choices(keep=keep)
    ]
    return [*pairs, *((text, text) for text in keep if text not in classifier)]


def kept_codes(field: Field, value: Any) -> list[str]:
    """Codes of a classifier that a card holds in a field."""
    if not field.classifier or not is_filled(value):
        return []
    return list(value) if isinstance(value, list | tuple) else [str(value)]


def written(field: Field, value: Any) -> str:
    """A value as a person reads it on a screen, in a file, on paper; '' when there is none."""
    return "" if value in _EMPTY else KINDS[field.kind].write(field, value)


def is_filled(value: object) -> bool:
    """Whether something stands in the field: «нет» and 0 are answers."""
    return value not in _EMPTY


def value_of(card: Model, field: Field) -> Any:
    """The value of a field on a card, wherever its path leads; None when the way ends before."""
    *steps, last = field.path.split("__")
    holder: Any = card  # Any: models along the path
    for step in steps:
        try:
            holder = getattr(holder, step)
        except ObjectDoesNotExist:
            return None
    return getattr(holder, last, None)


def values_of(card: Model, fields: Mapping[str, Field]) -> dict[str, Any]:
    """All values of some fields."""
    return {code: value_of(card, field) for code, field in fields.items()}


def plain(value: Any) -> Any:
    """A value as JSON keeps it; ``unplain`` brings it back."""
    if isinstance(value, datetime.date | uuid.UUID | Decimal):
        return str(value)
    return list(value) if isinstance(value, tuple) else value


def unplain(field: Field, value: Any) -> Any:
    """A value of JSON as the model keeps it."""
    if isinstance(value, str) and value:
        if field.kind in ("date", "past_date"):
            return datetime.date.fromisoformat(value)
        if field.kind == "decimal":
            return Decimal(value)
        if field.kind in ("person", "file"):
            return uuid.UUID(value)
    return value


def _text(field: Field, text: str) -> str:
    return " ".join(text.split())


def _note(field: Field, text: str) -> str:
    return text


def _book_number(field: Field, text: str) -> str:
    """A letter and a number of an alphabetical book («К-15»), or a number that is kept otherwise."""
    number = _text(field, text)
    if _OVERLONG.fullmatch(number):
        raise ValueError(f"«{number}»: после буквы не больше {BOOK_DIGITS} цифр, например К-15. Проверьте номер.")
    return number


def _name(field: Field, text: str) -> str:
    name = clean_name(text).value
    if not any(map(str.isalpha, name)) or any(map(str.isdigit, name)):
        raise ValueError(f"«{text}» не похоже на имя. Впишите его буквами, как в документе.")
    return name


def _date(field: Field, text: str) -> datetime.date:
    try:
        return parse_day(text)
    except ValueError as error:
        sentence = str(error)
        raise ValueError(sentence[:1].upper() + sentence[1:]) from None


def _past_date(field: Field, text: str) -> datetime.date:
    day = _date(field, text)
    if day > timezone.localdate():
        raise ValueError("Эта дата ещё не наступила. Проверьте год.")
    return day


def _choice(field: Field, text: str, keep: Collection[str] = ()) -> str:
    if text in keep:
        return text
    classifier = classifier_here(field.classifier)
    code = classifier.resolve(text)
    if code is None:
        raise ValueError(f"«{text[:80]}» нет в справочнике. Выберите: {_offered(field)}.")
    if code not in keep and (why := classifier[code].refusal_on(timezone.localdate())):
        raise ValueError(f"Значение «{classifier[code].label}» {why}. Выберите: {_offered(field)}.")
    return code


def _choices(field: Field, text: str) -> list[str]:
    return read_several(field, text.split(";"))


def _offered(field: Field) -> str:
    labels = [label for _, label in offered(field)]
    more = f" и ещё {len(labels) - 6}" if len(labels) > 6 else ""
    return ", ".join(f"«{label}»" for label in labels[:6]) + more


def _flag(field: Field, text: str) -> bool:
    word = text.lower()
    if word in YES:
        return True
    if word in NO:
        return False
    raise ValueError(f"«{text[:80]}» не читается как ответ. Напишите «да» или «нет».")


def _integer(field: Field, text: str) -> int:
    digits = "".join(text.split()).replace("\u00a0", "")
    if not digits.isascii() or not digits.isdecimal():
        raise ValueError(f"«{text[:80]}» не целое число. Напишите число цифрами, например 120.")
    return int(_bounded(field, text, Decimal(digits)))


def _decimal(field: Field, text: str) -> Decimal:
    try:
        value = Decimal("".join(text.split()).replace(",", "."))
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or value < 0:
        raise ValueError(f"«{text[:80]}» не число. Напишите его цифрами, например 12,5.")
    return _bounded(field, text, value)


def _bounded(field: Field, text: str, value: Decimal) -> Decimal:
    """Raises: ValueError, when the column holds no such number."""
    most = largest(field)
    if value > (_LARGEST if most is None else most):
        told = _decimal_text(field, _LARGEST if most is None else most)
        raise ValueError(f"Число {text[:30]} слишком большое: наибольшее — {told}. Проверьте, нет ли лишних цифр.")
    return value


def _email(field: Field, text: str) -> str:
    try:
        validate_email(text)
    except ValidationError:
        raise ValueError(f"«{text[:80]}» не адрес почты. Он выглядит так: ivanova@example.ru.") from None
    return text


def _url(field: Field, text: str) -> str:
    address = text if "://" in text else f"https://{text}"
    try:
        parts = urlsplit(address)
        is_site = parts.scheme in ("http", "https") and "." in (parts.hostname or "")
    except ValueError:
        is_site = False
    if not is_site or any(map(str.isspace, address)):
        raise ValueError(f"«{text[:80]}» не адрес сайта. Он выглядит так: https://school1.example.ru.")
    return address


def _key(field: Field, text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise ValueError("Выберите из списка.") from None


def _checked(check: Callable[[str], str]) -> Read:
    def read_number(field: Field, text: str) -> str:
        return check(text)

    return read_number


def _plain_text(field: Field, value: Any) -> str:
    return str(value)


def _day_text(field: Field, value: Any) -> str:
    return f"{value:%d.%m.%Y}"


def _label(field: Field, value: Any) -> str:
    classifier = classifier_here(field.classifier)
    return classifier[value].label if value in classifier else str(value)


def _labels(field: Field, value: Any) -> str:
    return "; ".join(_label(field, code) for code in kept_codes(field, value))


def _yes_no(field: Field, value: Any) -> str:
    return "да" if value else "нет"


def _decimal_text(field: Field, value: Any) -> str:
    return f"{value:f}".rstrip("0").rstrip(".").replace(".", ",") if "." in f"{value:f}" else f"{value:f}"


def _months(field: Field, value: Any) -> str:
    years, months = divmod(int(value), 12)
    words = [f"{years} {plural(years, 'год,года,лет')}"] * bool(years)
    words += [f"{months} {plural(months, 'месяц,месяца,месяцев')}"] * bool(months)
    return " ".join(words) or "меньше месяца"


KINDS: Final[Mapping[str, Kind]] = {
    "text": Kind(_text, _plain_text),
    "note": Kind(_note, _plain_text),
    "book_number": Kind(_book_number, _plain_text),
    "name": Kind(_name, _plain_text),
    "date": Kind(_date, _day_text, None),
    "past_date": Kind(_past_date, _day_text, None),
    "choice": Kind(_choice, _label),
    "choices": Kind(_choices, _labels, []),
    "flag": Kind(_flag, _yes_no, None),
    "yes": Kind(_flag, _yes_no, False),
    "integer": Kind(_integer, _plain_text, None),
    "decimal": Kind(_decimal, _decimal_text, None),
    "months": Kind(_integer, _months, None),
    "snils": Kind(_checked(numbers.normalize_snils), lambda field, value: numbers.format_snils(value)),
    "inn": Kind(_checked(numbers.check_inn), _plain_text),
    "inn_person": Kind(_checked(numbers.check_inn_person), _plain_text),
    "inn_entity": Kind(_checked(numbers.check_inn_entity), _plain_text),
    "kpp": Kind(_checked(numbers.check_kpp), _plain_text),
    "ogrn": Kind(_checked(numbers.check_ogrn), _plain_text),
    "okpo": Kind(_checked(numbers.check_okpo), _plain_text),
    "okato": Kind(_checked(numbers.check_okato), _plain_text),
    "oktmo": Kind(_checked(numbers.check_oktmo), _plain_text),
    "okogu": Kind(_checked(numbers.check_okogu), _plain_text),
    "medical_policy": Kind(_checked(numbers.check_medical_policy), _plain_text),
    "department_code": Kind(_checked(numbers.check_department_code), _plain_text),
    "phone": Kind(_checked(normalize_phone), _plain_text),
    "phones": Kind(_checked(normalize_phones), _plain_text),
    "email": Kind(_email, _plain_text),
    "url": Kind(_url, _plain_text),
    "address": Kind(_checked(normalize_address), _plain_text),
    "person": Kind(_key, _plain_text, None),
    "file": Kind(_key, _plain_text, None),
}
