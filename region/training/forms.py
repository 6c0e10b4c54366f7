"""Shapes of registration, of the place of work, of requests and decisions."""

from __future__ import annotations

import datetime
import uuid
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from region.training.claims import Job, OrderScan
from region.training.groups import GROUP_CHOICES, GROUPS, Subject
from region.training.registering import Person
from shared.accounts.passwords import POLICY
from shared.appointments.forms import LOGIN
from shared.documents.uploads import DOCUMENT_SCAN, UploadField
from shared.kernel.ids import new_id
from shared.kernel.names import clean_name, collapse
from shared.organizations.catalog import connected
from shared.organizations.models import AuthorityBody, Organization
from shared.ui.forms import SpeakingForm

OTHER: Final = "other"
YOUNGEST, OLDEST = 14, 100


def _name(label: str, autocomplete: str, *, required: bool = True) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, max_length=100, required=required, widget=widget)


class JobForm(SpeakingForm):
    """Where a person works: an organization of the catalog or «другая», and the position."""

    organization = forms.CharField(
        label="Организация",
        error_messages={"required": "Организация не выбрана. Найдите её по названию или отметьте «Другая»."},
    )
    other_place = forms.CharField(label="Название другой организации", max_length=300, required=False)
    position = forms.CharField(label="Должность", max_length=150)

    def clean_organization(self) -> Organization | None:
        value = str(self.cleaned_data["organization"])
        if value == OTHER:
            return None
        try:
            found = connected().filter(pk=uuid.UUID(value)).first()
        except ValueError:
            found = None
        if found is None:
            raise ValidationError("Такой организации в списке нет. Найдите её по названию и выберите.")
        return found

    def clean_position(self) -> str:
        return collapse(str(self.cleaned_data["position"]))

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        if "organization" in facts and facts["organization"] is None and not facts.get("other_place", "").strip():
            self.add_error("other_place", "Название пустое. Напишите его, как в уставе.")
        return facts

    @property
    def job(self) -> Job:
        facts = self.cleaned_data
        organization = facts["organization"]
        other = "" if organization else collapse(facts["other_place"])
        return Job(position=facts["position"], organization=organization, other_place=other)


class _Born(forms.Form):
    """What tells namesakes apart, and where to write to."""

    born_on = forms.DateField(
        label="Дата рождения",
        widget=forms.DateInput(attrs={"autocomplete": "bday"}),
        error_messages={"invalid": "Дата не читается. Напишите её как 01.02.1980."},
    )
    email = forms.EmailField(
        label="Электронная почта",
        max_length=200,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": "Адрес почты не читается. Напишите его как name@example.ru."},
    )

    def clean_born_on(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["born_on"]
        age = timezone.localdate().year - day.year
        if not YOUNGEST <= age <= OLDEST:
            raise ValidationError("С такой датой рождения не регистрируют. Проверьте год.")
        return day

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).strip().lower()


class _Named(_Born):
    last_name = _name("Фамилия", "family-name")
    first_name = _name("Имя", "given-name")
    patronymic = _name("Отчество", "additional-name", required=False)

    def _clean_name(self, field: str) -> str:
        value = clean_name(str(self.cleaned_data[field])).value
        if self.fields[field].required and not value:
            raise ValidationError(f"Поле «{self.fields[field].label}» пустое. Заполните его.")
        return value

    def clean_last_name(self) -> str:
        return self._clean_name("last_name")

    def clean_first_name(self) -> str:
        return self._clean_name("first_name")

    def clean_patronymic(self) -> str:
        return self._clean_name("patronymic")

    @property
    def person(self) -> Person:
        names = ("last_name", "first_name", "patronymic", "born_on", "email")
        return Person(**{name: self.cleaned_data[name] for name in names})


class _Consent(forms.Form):
    consent = forms.BooleanField(
        label="Даю согласие на обработку персональных данных",
        error_messages={"required": "Без согласия зарегистрироваться нельзя. Прочитайте его текст и отметьте."},
    )


class SelfForm(_Consent, _Named, JobForm):
    """The public form. ``key`` is made with the page, so that the same form sent twice registers once."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    login = forms.CharField(
        label="Логин",
        max_length=80,
        validators=[LOGIN],
        help_text="От 3 знаков: строчные латинские буквы, цифры, точка, дефис.",
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    password = forms.CharField(
        label="Пароль",
        strip=False,
        max_length=POLICY.max_length,
        help_text=f"Не короче {POLICY.min_length} знаков, не из списка частых паролей и не похожий на логин и имя.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    repeated = forms.CharField(
        label="Пароль ещё раз",
        strip=False,
        max_length=POLICY.max_length,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"key": new_id(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)

    def clean_repeated(self) -> str:
        repeated = str(self.cleaned_data["repeated"])
        if repeated != self.cleaned_data.get("password"):
            raise ValidationError("Пароли не совпали. Введите пароль ещё раз.")
        return repeated


class OwnForm(_Consent, _Born, JobForm):
    """The same for a person who already signs in: his name and login are known."""


class WorkerForm(_Named, SpeakingForm):
    """A responsible worker enters a worker of his organization; the password is made by the system."""

    organization = forms.ChoiceField(label="Организация")
    position = forms.CharField(label="Должность", max_length=150)
    login = forms.CharField(
        label="Логин", max_length=80, required=False, validators=[LOGIN], help_text="Пусто — составится из фамилии."
    )
    consent_on = forms.DateField(
        label="Дата письменного согласия работника на обработку персональных данных",
        help_text="Подписанное согласие хранится в организации.",
    )

    def __init__(self, *args: Any, organizations: list[Organization], **kwargs: Any) -> None:
        if len(organizations) == 1:
            kwargs["initial"] = {"organization": organizations[0].pk, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self._known = {str(one.pk): one for one in organizations}
        self.fields["organization"].choices = [(key, one.short_name) for key, one in self._known.items()]  # type: ignore[attr-defined]

    def clean_organization(self) -> Organization:
        return self._known[str(self.cleaned_data["organization"])]

    def clean_consent_on(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["consent_on"]
        if day > timezone.localdate():
            raise ValidationError("Эта дата ещё не наступила. Укажите день, когда согласие подписано.")
        return day


class GroupForm(SpeakingForm):
    """A request for a group with the appointment order."""

    subject = forms.ChoiceField(label="Группа", choices=[("", "Выберите группу"), *GROUP_CHOICES])
    authority = forms.ModelChoiceField(
        AuthorityBody.objects.none(),
        label="Орган управления",
        required=False,
        empty_label="Не требуется",
        help_text="Для работников министерства, территориальных управлений, департаментов и иных органов.",
    )
    order_number = forms.CharField(label="№ приказа о назначении", max_length=40)
    order_date = forms.DateField(label="Дата приказа")
    scan = UploadField(DOCUMENT_SCAN, label="Скан приказа")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["authority"].queryset = AuthorityBody.objects.order_by("name")  # type: ignore[attr-defined]

    def clean_order_date(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["order_date"]
        if day > timezone.localdate():
            raise ValidationError("Приказ из будущего. Проверьте дату.")
        return day

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        if not facts.get("subject"):
            return facts
        kinds = GROUPS[Subject(facts["subject"])].authorities
        authority: AuthorityBody | None = facts.get("authority")
        if kinds and (authority is None or authority.kind not in kinds):
            self.add_error("authority", "Для этой группы нужен орган управления подходящего вида. Выберите его.")
        elif not kinds:
            facts["authority"] = None
        return facts

    @property
    def order(self) -> OrderScan:
        facts = self.cleaned_data
        return OrderScan(facts["order_number"], facts["order_date"], facts["scan"])


class RefusalForm(SpeakingForm):
    reason = forms.CharField(
        label="Причина отказа",
        max_length=500,
        help_text="Её прочитает заявитель. Напишите, что исправить.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
