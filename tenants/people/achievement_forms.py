"""An achievement as a form, with its scan."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest

from shared.access.requests import actor_of
from shared.documents.uploads import DOCUMENT_SCAN, UploadField
from shared.ui.forms import SpeakingForm
from tenants.files.models import StoredFile
from tenants.files.services import store_upload
from tenants.people.achievement_listing import kinds, levels
from tenants.people.achievements import SCAN, AchievementFacts
from tenants.people.forms import DayField


class AchievementForm(SpeakingForm):
    """What stands on the diploma, and its scan."""

    kind = forms.ChoiceField(label="Вид")
    title = forms.CharField(label="За что, мероприятие", max_length=300)
    level = forms.ChoiceField(label="Уровень")
    gained_on = DayField(label="Дата")
    result = forms.CharField(label="Результат, место", max_length=100, required=False)
    document = forms.CharField(label="Документ, номер", max_length=200, required=False)
    scan = UploadField(DOCUMENT_SCAN, label="Скан документа", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, offered in (("kind", kinds), ("level", levels)):
            held = [self.initial.get(name, "")]  # an ended value stays with the achievement that has it
            self.fields[name].choices = offered(keep=held)  # type: ignore[attr-defined]

    @property
    def facts(self) -> AchievementFacts:
        return AchievementFacts(**{name: value for name, value in self.cleaned_data.items() if name != "scan"})

    def stored_scan(self, request: HttpRequest) -> StoredFile | None:
        """The upload as a kept file; None where nothing was uploaded."""
        upload, actor = self.cleaned_data["scan"], actor_of(request)
        if not upload:
            return None
        return store_upload(upload, purpose=SCAN, uploaded_by=actor.account_id, made_by=actor.signature)
