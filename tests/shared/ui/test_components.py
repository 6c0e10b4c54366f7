"""Every component gives accessible markup and escapes what it is given."""

import re

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, RequestContext, Template
from django.test import RequestFactory

from shared.kernel.text import NBSP
from shared.ui.kit import KitForm, kit_shell


def render(source: str, **context: object) -> str:
    return Template("{% load ui %}" + source).render(Context(context))


def render_at(url: str, source: str, **context: object) -> str:
    return Template("{% load ui %}" + source).render(RequestContext(RequestFactory().get(url), context))


class OrderForm(forms.Form):
    prefix = "order"
    number = forms.CharField(label="Номер", help_text="Например, 112-у")
    kind = forms.ChoiceField(
        label="Вид", choices=[("in", "Зачисление"), ("out", "Отчисление")], widget=forms.RadioSelect
    )
    note = forms.CharField(label="Примечание", required=False, widget=forms.Textarea(attrs={"class": "wide"}))
    signed_on = forms.DateField(label="Дата")


def test_an_icon_without_a_label_is_silent_and_with_one_speaks() -> None:
    assert 'aria-hidden="true"' in render('{% icon "check" %}')
    assert 'role="img" aria-label="Готово"' in render('{% icon "check" label="Готово" %}')


def test_a_status_is_a_shape_and_a_word_with_its_text_escaped() -> None:
    html = render('{% status "bad" text %}', text="<b>Возвращена</b>")
    assert html == '<span class="status status--bad">&lt;b&gt;Возвращена&lt;/b&gt;</span>'


def test_an_unknown_kind_is_a_mistake_of_the_page() -> None:
    with pytest.raises(ValueError, match="Unknown kind"):
        render('{% status "green" "Принята" %}')


@pytest.mark.parametrize(("percent", "kind"), [(96, "ok"), (90, "ok"), (81, "warn"), (62, "bad")])
def test_a_traffic_light_shows_the_number(percent: int, kind: str) -> None:
    html = render("{% light percent %}", percent=percent)
    assert f"light--{kind}" in html
    assert f"{percent}{NBSP}%" in html


def test_a_figure_with_an_address_is_a_link() -> None:
    assert '<a class="kpi" href="/list/">' in render('{% kpi "Контингент" 1186 url="/list/" %}')
    assert f"1{NBSP}186" in render('{% kpi "Контингент" 1186 %}')


def test_a_meter_passes_a_plain_number_and_stays_inside_its_scale() -> None:
    assert 'style="--v:41.5"' in render("{% meter percent 'Заполнено' %}", percent=41.5)
    assert 'aria-valuenow="100"' in render("{% meter 130 'Заполнено' %}")
    assert 'role="progressbar"' in render("{% meter 64 'Идёт' is_live=True %}")


def test_bars_have_a_conclusion_and_a_table_twin() -> None:
    html = render('{% bars rows "Больше всего в Анапе" %}', rows=[("Анапа", 200, "/anapa/"), ("Динская", 50)])
    assert "<title>Больше всего в Анапе</title>" in html
    assert 'width="25.00%"' in html
    assert html.count('<th scope="row">') == 2
    assert 'role="group"' in html


def test_bars_of_nothing_and_of_zeros_are_drawn() -> None:
    assert 'height="0"' in render('{% bars rows "Пусто" %}', rows=[])
    assert 'width="0.00%"' in render('{% bars rows "Пусто" %}', rows=[("Анапа", 0)])


def test_a_field_is_labeled_and_described_by_its_hint_and_error() -> None:
    html = render("{% field form.number %}", form=OrderForm({}))
    assert '<label class="field__label" for="id_order-number">Номер</label>' in html
    assert 'id="id_order-number_helptext"' in html
    assert 'id="id_order-number_error"' in html
    assert 'aria-describedby="id_order-number_helptext id_order-number_error"' in html
    assert 'aria-invalid="true"' in html


def test_only_optional_fields_are_marked() -> None:
    assert "(необязательно)" in render("{% field form.note %}", form=OrderForm())
    assert "(необязательно)" not in render("{% field form.number %}", form=OrderForm())


def test_a_widget_keeps_its_own_class_and_a_date_is_typed() -> None:
    assert 'class="wide input"' in render("{% field form.note %}", form=OrderForm())
    html = render("{% field form.signed_on %}", form=OrderForm())
    assert 'inputmode="numeric"' in html
    assert 'placeholder="ДД.ММ.ГГГГ"' in html


def test_a_group_of_choices_is_a_fieldset_that_the_summary_can_reach() -> None:
    form = OrderForm({"order-number": "1", "order-signed_on": "нет"})
    group, summary = render("{% field form.kind %}", form=form), render("{% error_summary form %}", form=form)
    assert '<fieldset class="field field--invalid" id="id_order-kind" tabindex="-1"' in group
    assert 'href="#id_order-kind"' in summary
    assert "Исправьте 2 ошибки" in summary


def test_a_refusal_of_the_whole_form_stands_in_the_summary_without_a_link() -> None:
    form = KitForm({})
    form.add_error(None, "В классе 5А нет свободных мест (25).")
    assert "<li>В классе 5А нет свободных мест (25).</li>" in render("{% error_summary form %}", form=form)


def test_the_summary_of_a_good_form_is_empty() -> None:
    assert render("{% error_summary form %}", form=OrderForm()).strip() == ""


def test_a_formset_is_summed_up_with_its_forms() -> None:
    formset = forms.formset_factory(OrderForm, extra=1, min_num=1, validate_min=True)(
        {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0"}
    )
    html = render("{% error_summary formset %}", formset=formset)
    assert 'role="alert"' in html


@pytest.mark.parametrize(
    ("url", "direction", "address"),
    [
        ("/", "ascending", "?sort=-name"),
        ("/?sort=-name&page=3&q=анти", "descending", "?q=%D0%B0%D0%BD%D1%82%D0%B8&amp;sort=name"),
        ("/?sort=born_on", "", "?sort=name"),
    ],
)
def test_a_sorted_head_says_its_order_and_keeps_the_filters(url: str, direction: str, address: str) -> None:
    html = render('{% sort_header "Ученик" "name" default="name" %}', request=RequestFactory().get(url))
    assert ("aria-sort" in html) == bool(direction)
    assert f'aria-sort="{direction}"' in html or not direction
    query = re.search(r'href="([^"]*)"', html)
    assert query is not None
    assert sorted(query[1].lstrip("?").split("&amp;")) == sorted(address.lstrip("?").split("&amp;"))


def test_pages_are_counted_in_russian_and_keep_the_query() -> None:
    page = Paginator(range(1186), 50).page(1)
    html = render_at("/?q=a", '{% include "ui/_pagination.html" %}', page_obj=page)
    assert f"1–50 из 1{NBSP}186" in html
    assert 'href="?q=a&amp;page=2"' in html
    assert 'aria-current="page">1<' in html
    assert "…" in html


def test_an_empty_list_says_so() -> None:
    page = Paginator([], 50).page(1)
    html = render_at("/", '{% include "ui/_pagination.html" %}', page_obj=page)
    assert "Нет записей" in html


def test_a_masked_value_without_an_address_cannot_be_revealed() -> None:
    assert "<button" not in render('{% masked "•••" %}')
    assert 'hx-swap="textContent"' in render('{% masked "•••" "/reveal/" what="СНИЛС" %}')


def test_a_printout_names_system_organization_document_and_executor() -> None:
    html = render('{% print_head "Книга движения" %}', shell=kit_shell())
    for part in ("АСУ СО", f"Лицей №{NBSP}14", "Книга движения", "Соколова Мария Андреевна", "Сформировано"):
        assert part in html


def test_text_filters_serve_templates() -> None:
    html = render(
        '{{ n|thousands }} {{ n|plural:"урок,урока,уроков" }}, {{ name|short_name }}', n=1001, name="Соколова Мария"
    )
    assert html == f"1{NBSP}001 урок, Соколова{NBSP}М."
    assert render("{{ nothing|thousands }}", nothing=None) == ""


def test_typography_does_not_open_a_hole_for_markup() -> None:
    assert render("{{ text|typo }}", text="<i>№ 1</i>") == f"&lt;i&gt;№{NBSP}1&lt;/i&gt;"
