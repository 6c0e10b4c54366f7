"""Loading shipped layouts into the catalog and computing a form from its stored edition."""

from __future__ import annotations

import datetime
import hashlib
import json
from functools import lru_cache

from django.utils import timezone

from shared.statforms.bindings import FormBindings, load_bindings
from shared.statforms.catalog import FormLayout
from shared.statforms.compute import ComputedForm, compute
from shared.statforms.cube import FactSource
from shared.statforms.models import FormEdition
from shared.statforms.parsing import Raw, layout_files, load_yaml, parse_layout


def load_layouts(*, using: str = "owner") -> list[FormEdition]:
    """Bring every shipped layout and its bindings to the catalog; returns the editions that were new or changed.

    Only the owner of the tables may write the catalog. Raises: LayoutInvalid, BindingInvalid.
    """
    changed = []
    editions = FormEdition.objects.using(using)
    for path in layout_files():
        raw = load_yaml(path)
        layout = parse_layout(raw)
        load_bindings(layout)  # bindings that do not fit must stop the release, not a computation
        checksum = checksum_of(raw)
        known = editions.filter(code=layout.code, edition=layout.edition, checksum=checksum)
        if known.exists():
            continue
        fields = {"title": layout.title, "layout": raw, "checksum": checksum, "loaded_at": timezone.now()}
        stored, _ = editions.update_or_create(code=layout.code, edition=layout.edition, defaults=fields)
        changed.append(stored)
    return changed


def stored_form(code: str, edition: str | None = None) -> tuple[FormLayout, FormBindings]:
    """Layout and bindings of a stored edition, the newest one unless named.

    Raises: FormUnknown.
    """
    stored = FormEdition.objects.current(code, edition)
    return _parsed(json.dumps(stored.layout))


def compute_form(
    *, code: str, source: FactSource, as_of: datetime.date, scope_label: str, edition: str | None = None
) -> ComputedForm:
    """Compute a form over the facts of a scope; ``scope_label`` is the scope as INTERFACES 3 writes it.

    Raises: FormUnknown.
    """
    layout, bindings = stored_form(code, edition)
    return compute(layout, bindings, source, as_of=as_of, scope_label=scope_label)


def checksum_of(raw: Raw) -> str:
    """SHA-256 of a layout, independent of the order of keys and of the layout of the file."""
    return hashlib.sha256(json.dumps(raw, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


@lru_cache(maxsize=16)
def _parsed(content: str) -> tuple[FormLayout, FormBindings]:
    layout = parse_layout(json.loads(content))
    return layout, load_bindings(layout)
