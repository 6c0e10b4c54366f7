"""What to issue and how to print it, as forms."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable, Sequence
from typing import Any, Final

from django import forms
from django.utils import timezone

from shared.documents.papers import Certification
from shared.ui.forms import SpeakingForm
from tenants.consents.models import KINDS as CONSENT_KINDS
from tenants.groups.models import Group
from tenants.papers.models import BY_PLACE_OF_DEMAND, CERTIFICATE_CHOICES, Certificate, PaperKind, Printing
from tenants.papers.printing import Act
from tenants.papers.services import Wish
from tenants.papers.signers import Signer
from tenants.people.forms import DayField
from tenants.people.models import Guardian, Student

WITHOUT: Final = ""
LIST_COLUMNS: Final[tuple[tuple[str, str], ...]] = (
    ("birth_date", "Дата рождения"),
    ("sex", "Пол"),
    ("enrolled", "Зачислен, приказ"),
    ("guardians", "Представители"),
    ("blank", "Пустая графа для отметок"),
)
GONE: Final = [(state.value, state.label) for state in (Printing.State.DESTROYED, Printing.State.HANDED)]
ADDRESS_FIRST_YEAR: Final = 2020


class CertificateForm(SpeakingForm):
    """A certificate for many, or for one learner."""

    kind = forms.ChoiceField(
        label="Вид справки", choices=CERTIFICATE_CHOICES, widget=forms.RadioSelect, initial="study"
    )
    destination = forms.CharField(
        label="Для предъявления",
        max_length=200,
        initial=BY_PLACE_OF_DEMAND,
        help_text="Продолжение слов «Справка дана для предъявления». Например: в отдел социальной защиты.",
    )
    purpose = forms.CharField(label="Цель", max_length=300, required=False)
    signer = forms.ChoiceField(
        label="Кто подписывает",
        help_text="Заместитель подписывает в отсутствие директора.",
        error_messages={
            "required": "Подписать некому: в системе нет директора. Назначение оформляет администратор организации."
        },
    )

    def __init__(self, *args: Any, signers: Sequence[Signer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._signers = {one.key: one for one in signers}
        self.fields["signer"].choices = [(one.key, str(one)) for one in signers]  # type: ignore[attr-defined]

    @property
    def wish(self) -> Wish:
        data = self.cleaned_data
        signer = self._signers[data["signer"]]
        return Wish(
            kind=data["kind"],
            destination=data["destination"],
            purpose=data["purpose"],
            signer_post=signer.post,
            signer_name=signer.name,
        )


class OneCertificateForm(CertificateForm):
    """The name in the dative is ready and may be corrected: fugitive vowels waver, rare names have their own use."""

    dative = forms.CharField(
        label="Кому выдана",
        max_length=330,
        help_text="Имя в дательном падеже. Проверьте и при необходимости исправьте.",
    )
    field_order = ("kind", "dative", "destination", "purpose", "signer")


class AnnulForm(SpeakingForm):
    reason = forms.CharField(label="Причина", max_length=300)


class PrintForm(SpeakingForm):
    """Who certifies the printout, if anybody."""

    signer = forms.ChoiceField(
        label="Заверение",
        required=False,
        help_text="«Копия верна», должность, подпись, дата, печать. Заместитель заверяет в отсутствие директора.",
    )

    def __init__(self, *args: Any, signers: Sequence[Signer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._signers = {one.key: one for one in signers}
        self.fields["signer"].choices = [  # type: ignore[attr-defined]
            (WITHOUT, "Без заверения"),
            *((one.key, str(one)) for one in signers),
        ]

    @property
    def certification(self) -> Certification | None:
        signer = self._signers.get(self.cleaned_data["signer"])
        return Certification(post=signer.post, name=signer.name, day=timezone.localdate()) if signer else None


class CoverForm(PrintForm):
    """The number of the personal file stands on the card; a new one may be written for this printout."""

    file_number = forms.CharField(label="№ личного дела", max_length=40, required=False)
    field_order = ("file_number", "signer")


class ClassListForm(PrintForm):
    """A list with few columns fits a page."""

    day = forms.DateField(label="На дату")
    columns = forms.MultipleChoiceField(
        label="Графы кроме имени", choices=LIST_COLUMNS, required=False, widget=forms.CheckboxSelectMultiple
    )
    field_order = ("day", "columns", "signer")

    def __init__(self, *args: Any, may_guardians: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shown = [one for one in LIST_COLUMNS if may_guardians or one[0] != "guardians"]
        self.fields["columns"].choices = shown  # type: ignore[attr-defined]


class ConsentPaperForm(SpeakingForm):
    """Which consent, and who is to sign it."""

    kind = forms.ChoiceField(label="Вид согласия")
    guardian = forms.ChoiceField(label="Кто подписывает", required=False)

    def __init__(self, *args: Any, student: Student, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        links = student.guardian_links.legal().select_related("guardian").order_by("guardian__sort_name")  # type: ignore[attr-defined]
        self._guardians = {str(link.guardian_id): link.guardian for link in links}
        kinds = [one for one in CONSENT_KINDS if one[0] != "staff"]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]
        self.fields["guardian"].choices = [  # type: ignore[attr-defined]
            *((key, str(one)) for key, one in self._guardians.items()),
            (WITHOUT, "Сам обучающийся"),
        ]

    @property
    def signer(self) -> Guardian | None:
        return self._guardians.get(self.cleaned_data["guardian"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("kind") == "guardian" and not data.get("guardian"):
            self.add_error("guardian", "Согласие о себе подписывает представитель. Выберите его.")
        return data


class ChosenForm(forms.Form):
    """Who is chosen for mass printing: whole classes, or learners of one of them."""

    group = forms.ModelMultipleChoiceField(queryset=Group.objects.known(), required=False)
    student = forms.TypedMultipleChoiceField(coerce=uuid.UUID, required=False)

    def __init__(self, *args: Any, known: Iterable[uuid.UUID] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["student"].choices = [(str(key), "") for key in known]  # type: ignore[attr-defined]


class RegisterFilter(forms.Form):
    """What the address of the register asks for; a value that means nothing narrows nothing."""

    kind = forms.ChoiceField(choices=CERTIFICATE_CHOICES, required=False)
    status = forms.ChoiceField(choices=Certificate.Status.choices, required=False)
    year = forms.IntegerField(required=False, min_value=ADDRESS_FIRST_YEAR, max_value=9999)

    @classmethod
    def of(cls, data: Any) -> dict[str, Any]:
        form = cls(data)
        form.is_valid()
        return {name: form.cleaned_data.get(name) or "" for name in cls.base_fields}


class LogFilter(RegisterFilter):
    """What the address of the print log asks for."""

    kind = forms.ChoiceField(choices=PaperKind.choices, required=False)
    status = forms.ChoiceField(choices=Printing.State.choices, required=False)


class ActForm(SpeakingForm):
    """The act by which hard copies left."""

    state = forms.ChoiceField(label="Что сделано", choices=GONE, widget=forms.RadioSelect, initial=GONE[0][0])
    act_number = forms.CharField(label="№ акта", max_length=40)
    act_on = DayField(label="Дата акта")
    handed_to = forms.CharField(label="Кому передано", max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("state") == Printing.State.HANDED and not data.get("handed_to"):
            self.add_error("handed_to", "Не указано, кому передано. Впишите архив, организацию или человека.")
        return data

    @property
    def act(self) -> Act:
        data = self.cleaned_data
        day: datetime.date = data["act_on"]
        return Act(state=data["state"], number=data["act_number"], day=day, handed_to=data["handed_to"])
