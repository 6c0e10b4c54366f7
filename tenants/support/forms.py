"""Shape of a case."""

from __future__ import annotations

from django import forms

from shared.access.support.models import LONGEST_HOURS, MOST_ROWS, USUAL_HOURS, USUAL_ROWS

NO_NAMES = "Что не получается, без имён, телефонов и номеров документов: оператор прочтёт это до входа в организацию."


class CaseForm(forms.Form):
    """What the question is, for how long the door is open and how many people may be seen."""

    question = forms.CharField(
        label="Вопрос", max_length=1000, help_text=NO_NAMES, widget=forms.Textarea(attrs={"rows": 4})
    )
    hours = forms.IntegerField(
        label="На сколько часов",
        min_value=1,
        max_value=LONGEST_HOURS,
        initial=USUAL_HOURS,
        help_text=f"От 1 до {LONGEST_HOURS}. Потом доступ закроется сам.",
    )
    rows = forms.IntegerField(
        label="Сколько строк с людьми можно увидеть",
        min_value=1,
        max_value=MOST_ROWS,
        initial=USUAL_ROWS,
        help_text="Строка списка или одна карточка. Когда число исчерпано, страницы не показываются.",
    )
