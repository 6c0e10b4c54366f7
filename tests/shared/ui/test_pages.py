"""Whole pages: the staff frame, public pages and the pages of refusals and faults."""

import re
from dataclasses import replace

import pytest
from django.template import engines
from django.template.loader import render_to_string
from django.test import RequestFactory

from shared.kernel.trace import Trace, tracing
from shared.ui.kit import kit_shell
from shared.ui.shell import Shell
from shared.ui.views import kit

INLINE_CODE = re.compile(r"<script(?![^>]*\ssrc=)|<style|\son[a-z]+\s*=\s*[\"']|javascript:", re.IGNORECASE)


def page(source: str, **context: object) -> str:
    request = RequestFactory().get("/")
    return engines["django"].from_string(source).render({"request": request, **context}, request)


def app_page(shell: Shell, body: str = "") -> str:
    return page('{% extends "ui/app.html" %}{% block title %}Ученики{% endblock %}' + body, shell=shell)


def test_the_catalog_shows_every_component_without_inline_code() -> None:
    html = kit(RequestFactory().get("/?sort=-name")).content.decode()
    assert INLINE_CODE.search(html) is None
    for component in ("kpis", "card", "tbl", "pager", "peek", "facets", "timeline", "fg", "steps", "error-summary"):
        assert re.search(rf'class="[^"]*\b{component}\b', html), component


def test_ids_of_the_catalog_are_unique_where_scripts_look_for_them() -> None:
    html = kit(RequestFactory().get("/")).content.decode()
    for name in ("peek", "palette", "palette-results", "shortcuts", "places", "user-menu", "sidebar", "content"):
        assert html.count(f'id="{name}"') == 1, name


def test_the_frame_shows_menu_user_places_and_the_time_of_data() -> None:
    html = app_page(kit_shell())
    assert "<title>Ученики · Лицей №\u00a014 · АСУ СО</title>" in html
    assert 'data-workspace="organization"' in html
    assert 'aria-current="page"><svg' in html
    assert "данные на 14:02:31" in html
    assert html.count('name="csrfmiddlewaretoken"') == 3  # two places and the way out
    assert 'name="place" value="2"' in html
    assert ">МС<" in html


def test_a_frame_with_nothing_optional_has_no_empty_parts() -> None:
    bare = replace(kit_shell(), places=[], search_url=None, data_time=None, menu=[])
    html = app_page(bare)
    for absent in ('id="places"', 'id="palette"', "данные на", "workspace-bar"):
        assert absent not in html


def test_the_rail_is_chosen_by_the_shell_or_by_the_page() -> None:
    assert "shell--rail" in app_page(replace(kit_shell(), is_rail=True))
    assert "shell--rail" in app_page(kit_shell(), "{% block shell_class %}shell--rail{% endblock %}")
    assert "shell--rail" not in app_page(kit_shell())


def test_a_banner_stands_above_the_page() -> None:
    html = app_page(replace(kit_shell(), banner="Просмотр организации, изменения недоступны."))
    assert '<aside class="workspace-bar"' in html


def test_htmx_is_configured_for_a_strict_policy_and_swaps_refusals() -> None:
    html = app_page(kit_shell())
    assert '"allowEval": false' in html
    assert '"includeIndicatorStyles": false' in html
    assert '{"code": "422", "swap": true}' in html
    assert '"historyCacheSize": 0' in html
    assert re.search(r"hx-headers='\{\"X-CSRFToken\": \"\w+\"\}'", html)


@pytest.mark.parametrize("name", ["403.html", "404.html", "500.html", "503.html", "403_csrf.html"])
def test_error_pages_need_no_context_and_lead_back(name: str) -> None:
    html = render_to_string(name)
    assert INLINE_CODE.search(html) is None
    assert "<h1>" in html
    assert "btn--primary" in html
    assert "!" not in re.sub(r"<[^>]*>", "", html)


def test_a_fault_page_quotes_the_number_and_a_closed_one_its_reason() -> None:
    with tracing(Trace(task_number="7f3a19")):
        assert "7f3a19" in render_to_string("500.html")
    html = render_to_string("503.html", {"heading": "Работа приостановлена", "reason": "Обратитесь к оператору."})
    assert "<h1>Работа приостановлена</h1>" in html
    assert "Обратитесь к оператору." in html


def test_a_refused_page_says_why_in_escaped_words() -> None:
    assert "&lt;b&gt;" in render_to_string("403.html", {"exception": "<b>"})


@pytest.mark.parametrize("base", ["ui/public.html", "ui/auth.html"])
@pytest.mark.parametrize("workspace", ["region", "operator", "services", "training", "municipality"])
def test_public_pages_take_the_color_of_their_workspace(base: str, workspace: str) -> None:
    shell = replace(kit_shell(), workspace=workspace)  # type: ignore[arg-type]
    html = page(f'{{% extends "{base}" %}}', shell=shell)
    assert f'<html lang="ru" data-workspace="{workspace}">' in html


def test_messages_are_announced_and_success_is_marked_for_kept_forms() -> None:
    class Message:
        def __init__(self, level_tag: str) -> None:
            self.level_tag = level_tag

        def __str__(self) -> str:
            return "Приказ № 5 сохранён"

    html = page('{% include "ui/_messages.html" %}', messages=[Message("success"), Message("error")])
    assert 'callout--ok" role="status" data-asuso-done' in html
    assert 'callout--bad" role="alert">' in html
    assert "№\u00a05" in html


def test_a_form_with_a_file_is_sent_in_parts() -> None:
    from shared.ui.kit import KitForm

    html = page('{% include "ui/_form.html" with form=form submit="Загрузить" keep="import" %}', form=KitForm())
    assert 'enctype="multipart/form-data"' in html
    assert 'data-asuso-keep="import"' in html
    assert ">Загрузить</button>" in html
