"""Components of the interface as template tags, so that markup changes in one place (UI.md, section 5).

``{% load ui %}`` gives marks (icon, status, tag, light), figures (kpi, meter, bars), forms (field, error_summary),
lists (sort_header), paper (print_head, print_sign) and the filters of Russian text.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Final

from django import template
from django.core.paginator import Page
from django.forms import BaseForm, BaseFormSet, BoundField
from django.template.defaultfilters import stringfilter
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from shared.kernel import text
from shared.kernel.trace import current
from shared.ui.charts import ROW_HEIGHT, draw_bars
from shared.ui.fields import field_context, form_errors
from shared.ui.shell import PRODUCT, Shell

register = template.Library()

KINDS: Final = ("ok", "warn", "bad", "note", "info", "idle")
STYLES: Final = [
    "tokens",
    "base",
    "shell",
    "sidepanel",
    "buttons",
    "fields",
    "labels",
    "containers",
    "steps",
    "meters",
    "tables",
    "lists",
    "overlays",
    "states",
    "print",
]
SCRIPTS: Final = [
    "navigation",
    "dialog",
    "hotkeys",
    "palette",
    "popover",
    "menu-keys",
    "toast",
    "peek",
    "rows",
    "selection",
    "reveal",
    "sections",
    "error-summary",
    "busy",
    "keep",
    "copy",
    "controls",
    "faults",
]
_MESSAGE_LOOK: Final = {
    "success": ("callout--ok", "circle-check"),
    "warning": ("callout--warn", "alert-triangle"),
    "error": ("callout--bad", "alert-circle"),
}
_MARK = mark_safe('<svg viewBox="0 0 24 24"><path d="M4 14h4.2v6H4zM9.9 9.5h4.2V20H9.9zM15.8 4H20v16h-4.2z"/></svg>')


# ---- The page itself ----


@register.simple_tag
def product() -> str:
    """The product's name: one constant for every page."""
    return PRODUCT


@cache
def _address(path: str) -> str:
    """Of a static file: it changes only with the release, and a page asks for seventy."""
    return static(path)


@register.simple_tag
@cache
def kit_styles() -> SafeString:
    """Links to the stylesheets of the kit; their order is settled by cascade layers, not by this list."""
    return format_html_join("\n", '<link rel="stylesheet" href="{}">', ((_address(f"ui/css/{n}.css"),) for n in STYLES))


@register.simple_tag
@cache
def kit_scripts() -> SafeString:
    """Links to the behaviors of the kit; they import nothing, so hashed file names need no import map."""
    links = ((_address(f"ui/js/{name}.js"),) for name in SCRIPTS)
    return format_html_join("\n", '<script type="module" src="{}"></script>', links)


@register.simple_tag
def module_css(name: str) -> SafeString:
    """The stylesheet of one module: registry, monitor, orders, fedform, public."""
    return format_html('<link rel="stylesheet" href="{}">', _address(f"ui/css/{name}.css"))


@register.simple_tag
def workspace_mark(workspace: str = "") -> SafeString:
    """The logo tile; its color tells in which workspace the person is."""
    where = format_html(' data-workspace="{}"', workspace) if workspace else ""
    return format_html('<span class="ws-mark"{} aria-hidden="true">{}</span>', where, _MARK)


# ---- Marks ----


@register.simple_tag
def icon(name: str, size: str = "", label: str = "") -> SafeString:
    """A symbol of the sprite; without ``label`` it is decoration and silent for a screen reader."""
    classes = f"icon icon--{size}" if size else "icon"
    voice = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    href = f"{_address('ui/icons.svg')}#i-{name}"
    return format_html('<svg class="{}" {}><use href="{}"/></svg>', classes, voice, href)


@register.simple_tag
def status(kind: str, label: str) -> SafeString:
    """State of a record: shape, color and word. Kinds: ok, warn, bad, note, info, idle."""
    return format_html('<span class="status status--{}">{}</span>', _known(kind), text.typo(str(label)))


@register.simple_tag(name="tag")
def tag_mark(label: str, kind: str = "", icon_name: str = "") -> SafeString:
    """Property of a record. Kinds as of ``status``, none is neutral."""
    look = f"tag tag--{_known(kind)}" if kind else "tag"
    return format_html(
        '<span class="{}">{}{}</span>', look, icon(icon_name) if icon_name else "", text.typo(str(label))
    )


@register.simple_tag
def light(percent: int | float | Decimal, ok: int = 90, warn: int = 75) -> SafeString:
    """Traffic light of a share in percent: from ``ok`` green, from ``warn`` amber, red below; the number is shown."""
    kind = "ok" if percent >= ok else "warn" if percent >= warn else "bad"
    return format_html('<span class="light light--{}">{}{}%</span>', kind, text.thousands(percent), text.NBSP)


def _known(kind: str) -> str:
    if kind not in KINDS:
        raise ValueError(f"Unknown kind {kind!r}, expected one of {', '.join(KINDS)}")
    return kind


# ---- Figures ----


@register.inclusion_tag("ui/_kpi.html")
def kpi(
    label: str,
    value: object,
    note: str = "",
    url: str = "",
    tone: str = "",
    delta: str = "",
    delta_tone: str = "",
) -> dict[str, object]:
    """One number of ``.kpis`` that leads to its list. Tones: ok, warn, bad; ``delta_tone``: up, down."""
    shown = text.thousands(value) if isinstance(value, int | float | Decimal) else value
    look = {"tone": tone, "delta": delta, "delta_tone": delta_tone}
    return {"label": label, "value": shown, "note": note, "url": url, **look}


@register.inclusion_tag("ui/_meter.html")
def meter(
    percent: int | float | Decimal,
    label: str,
    kind: str = "",
    is_live: bool = False,
    is_large: bool = False,
    show_text: bool = True,
) -> dict[str, object]:
    """A share complete, 0–100; ``is_live`` is the progress of work that is going on now."""
    value = format(max(Decimal(0), min(Decimal(100), Decimal(str(percent)))).normalize(), "f")
    shown = f"{text.thousands(percent)}{text.NBSP}%" if show_text else ""
    return {"value": value, "label": label, "kind": kind, "is_live": is_live, "is_large": is_large, "shown": shown}


@register.inclusion_tag("ui/_bars.html")
def bars(
    rows: list[tuple[str, float] | tuple[str, float, str]],
    conclusion: str,
    what: str = "Показатель",
    unit: str = "Количество",
) -> dict[str, object]:
    """Bars of ``(label, value[, url])`` drawn by the server; ``conclusion`` says in words what the picture shows."""
    drawn = draw_bars(rows)
    look = {"height": ROW_HEIGHT * len(drawn), "has_links": any(bar.url for bar in drawn)}
    return {"rows": drawn, "conclusion": conclusion, "what": what, "unit": unit, **look}


# ---- Messages and values ----


@register.inclusion_tag("ui/_callout.html")
def callout(kind: str, message: str, title: str = "", url: str = "", action: str = "") -> dict[str, object]:
    """A lasting message about this page. Kinds: info, ok, warn, bad, note."""
    icons = {"ok": "circle-check", "warn": "alert-triangle", "bad": "alert-circle", "note": "message-exclamation"}
    look = {"kind": _known(kind), "icon": icons.get(kind, "info-circle")}
    return {"message": message, "title": title, "url": url, "action": action, **look}


@register.inclusion_tag("ui/_masked.html")
def masked(dots: str, url: str = "", what: str = "значение") -> dict[str, object]:
    """A sensitive value under dots; ``url`` takes a POST, logs the look and answers the value as plain text."""
    return {"dots": dots, "url": url, "what": what}


# ---- Forms ----


@register.inclusion_tag("ui/_field.html")
def field(bound: BoundField, width: str = "", hint: str = "", label: str = "") -> dict[str, object]:
    """Label, hint, error and control of a form field. Widths tell the expected length: s, m, date."""
    return field_context(bound, width=width, hint=hint, label=label)


@register.inclusion_tag("ui/_error_summary.html")
def error_summary(*forms: BaseForm | BaseFormSet[BaseForm]) -> dict[str, object]:
    """All refusals of the forms with links to their fields; nothing when there are none."""
    errors = list(form_errors(*forms))
    prefix = next((str(form.prefix) for form in forms if form.prefix), "form")
    return {"errors": errors, "summary_id": f"{prefix}-errors"}


# ---- Lists ----


@register.inclusion_tag("ui/_sort_header.html", takes_context=True)
def sort_header(
    context: template.Context,
    title: str,
    key: str,
    default: str = "",
    is_numeric: bool = False,
    target: str = "",
) -> dict[str, object]:
    """A column head that sorts by ``key`` through ``?sort=``; ``default`` is the order when the URL names none."""
    query = context["request"].GET.copy()
    current = query.get("sort") or default
    direction = {key: "ascending", f"-{key}": "descending"}.get(current, "")
    query["sort"] = f"-{key}" if direction == "ascending" else key
    query.pop("page", None)
    look = {"direction": direction, "is_numeric": is_numeric, "target": target}
    return {"title": title, "url": f"?{query.urlencode()}", **look}


@register.simple_tag
def request_number() -> str:
    """The number a person quotes: the log line of this answer has it too."""
    return current().number


@register.filter
def page_numbers(page: Page[object]) -> list[int | None]:
    """Page numbers around the current one; None stands for a gap."""
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
    return [number if isinstance(number, int) else None for number in numbers]


# ---- Paper ----


@register.inclusion_tag("ui/_print_head.html", takes_context=True)
def print_head(
    context: template.Context, document: str, organization: str = "", executor: str = ""
) -> dict[str, object]:
    """Head of every printout: system, organization, document, time and executor; by default those of the shell."""
    shell = context.get("shell")
    known = shell if isinstance(shell, Shell) else None
    return {
        "document": document,
        "organization": organization or (known.workspace_name if known else ""),
        "executor": executor or (known.user_name if known else ""),
        "moment": timezone.now(),
    }


@register.inclusion_tag("ui/_print_sign.html")
def print_sign(post: str, name: str = "") -> dict[str, object]:
    """A signature line of a printout."""
    return {"post": post, "name": name}


# ---- Text ----


@register.filter(is_safe=True)
@stringfilter
def typo(value: str) -> str:
    """Non-breaking spaces after №, in initials, before units and in thousands."""
    return text.typo(value)


@register.filter
def plural(number: int, forms: str) -> str:
    """The word that agrees: ``{{ n|plural:"урок,урока,уроков" }}``."""
    return text.plural(int(number), forms)


@register.filter
def thousands(value: object) -> str:
    """«1 186»; nothing for an absent number."""
    if value is None or value == "":
        return ""
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return str(value)
    return text.thousands(number)


@register.filter
@stringfilter
def short_name(full_name: str) -> str:
    """«Соколова М. А.» of a full name."""
    return text.short_name(full_name)


@register.filter
def callout_class(level_tag: str) -> str:
    """The look of a Django message."""
    return _MESSAGE_LOOK.get(level_tag, ("", ""))[0]


@register.filter
def callout_icon(level_tag: str) -> str:
    """The icon of a Django message."""
    return _MESSAGE_LOOK.get(level_tag, ("", "info-circle"))[1]
