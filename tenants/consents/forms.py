"""Papers and decisions about consents as forms; rules that need the database are the services'."""

from __future__ import annotations

import datetime
from typing import Any, Final

from django import forms
from django.utils import timezone

from shared.documents.uploads import DOCUMENT_SCAN, UploadField
from shared.ui.forms import SpeakingForm
from tenants.consents.models import KINDS, BlockedDecision, OperatorDetails, SubjectKind
from tenants.people.forms import DayField
from tenants.people.models import Guardian, Student

STATES: Final = (
    ("active", "Действует"),
    ("expiring", "Истекает за 30 дней"),
    ("expired", "Истекло"),
    ("withdrawn", "Отозвано"),
    ("none", "Нет согласия"),
)
KINDS_OF: Final = {
    SubjectKind.LEARNER: ("student", "third_party", "distribution"),
    SubjectKind.GUARDIAN: ("guardian", "third_party", "distribution"),
    SubjectKind.EMPLOYEE: ("staff", "third_party", "distribution"),
}
HIMSELF: Final = ""


def kinds_of(subject: SubjectKind) -> list[tuple[str, str]]:
    return [(code, label) for code, label in KINDS if code in KINDS_OF[subject]]


class RegisterFilter(forms.Form):
    """What the address asks for; a value that means nothing narrows nothing."""

    kind = forms.ChoiceField(choices=KINDS, required=False)
    state = forms.ChoiceField(choices=STATES, required=False)

    @classmethod
    def of(cls, data: Any) -> dict[str, str]:
        form = cls(data)
        form.is_valid()
        return {name: form.cleaned_data.get(name, "") for name in cls.base_fields}


class PaperForm(SpeakingForm):
    """A signed form: kind, who signed, day, number, term, scan."""

    kind = forms.ChoiceField(label="Вид согласия")
    signed_on = DayField(label="Дата подписания")
    number = forms.CharField(label="Номер", max_length=40, required=False, help_text="Пустой номер даст система.")
    valid_until = forms.DateField(
        label="Действует до", required=False, help_text="Пусто, если срок — до окончания обучения или отзыва."
    )
    scan = UploadField(DOCUMENT_SCAN, label="Скан подписанной формы", required=False)

    def __init__(self, *args: Any, subject: SubjectKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = kinds_of(subject)  # type: ignore[attr-defined]
        self.fields["signed_on"].initial = timezone.localdate()


class LearnerPaperForm(PaperForm):
    """A learner's consent is signed by a legal representative, or by himself where the local rule lets him."""

    signer = forms.ChoiceField(label="Кто подписал", required=False)
    field_order = ("kind", "signer", "signed_on", "number", "valid_until", "scan")

    def __init__(self, *args: Any, student: Student, **kwargs: Any) -> None:
        super().__init__(*args, subject=SubjectKind.LEARNER, **kwargs)
        links = student.guardian_links.legal().select_related("guardian").order_by("guardian__sort_name")  # type: ignore[attr-defined]
        self._guardians = {str(link.guardian_id): link.guardian for link in links}
        choices = [(HIMSELF, f"Сам обучающийся: {student.real_name}")]
        choices += [(key, str(one)) for key, one in self._guardians.items()]
        self.fields["signer"].choices = choices  # type: ignore[attr-defined]

    @property
    def guardian(self) -> Guardian | None:
        return self._guardians.get(self.cleaned_data["signer"])


class EmployeePaperForm(PaperForm):
    """An employee is named until his card is in the system."""

    signer = forms.CharField(label="Работник", max_length=310)
    field_order = ("signer", "kind", "signed_on", "number", "valid_until", "scan")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, subject=SubjectKind.EMPLOYEE, **kwargs)


class ScanForm(SpeakingForm):
    scan = UploadField(DOCUMENT_SCAN, label="Скан подписанной формы")


class WithdrawalForm(SpeakingForm):
    """The day the application of withdrawal was received, and what it is."""

    withdrawn_on = DayField(label="Дата отзыва")
    reason = forms.CharField(
        label="Основание", max_length=500, help_text="Заявление: дата и номер. Причину субъект называть не обязан."
    )


class DecisionForm(SpeakingForm):
    """What becomes of blocked data."""

    decision = forms.ChoiceField(label="Решение", choices=BlockedDecision.Decision.choices, widget=forms.RadioSelect)
    ground = forms.CharField(
        label="Основание",
        max_length=500,
        help_text="Например: срок хранения личного дела по номенклатуре дел.",
    )
    kept_until = forms.DateField(label="Хранить до", required=False)
    act_number = forms.CharField(label="№ акта", max_length=40)
    decided_on = DayField(label="Дата акта")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        until: datetime.date | None = data.get("kept_until")
        if data.get("decision") == BlockedDecision.Decision.KEEP and until is None:
            self.add_error("kept_until", "Хранение по другому основанию имеет срок. Впишите, до какого дня.")
        return data


class OperatorForm(SpeakingForm):
    """Requisites of the operator."""

    register_number = forms.CharField(label="Номер в реестре операторов", max_length=40, required=False)
    registered_on = DayField(label="Внесён в реестр", required=False)
    responsible_name = forms.CharField(label="Ответственный за обработку ПДн", max_length=310)
    responsible_post = forms.CharField(label="Должность", max_length=200, required=False)
    responsible_order = forms.CharField(label="Приказ о назначении", max_length=120, required=False)
    contacts = forms.CharField(label="Телефон, электронная почта", max_length=200, required=False)

    @classmethod
    def initial_of(cls, details: OperatorDetails | None) -> dict[str, Any]:
        return {name: getattr(details, name) for name in cls.base_fields} if details else {}


class AnswerForm(SpeakingForm):
    """The organization's answer to a family."""

    is_done = forms.ChoiceField(
        label="Решение", choices=[("yes", "Выполнено"), ("no", "Отказано")], widget=forms.RadioSelect
    )
    answer = forms.CharField(label="Ответ семье", max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))
