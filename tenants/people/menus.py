"""What the menus above lists ask: may this person bring and take files of cards (``cards/files/_menu.html``)."""

from __future__ import annotations

from django.http import HttpRequest

from shared.access.requests import actor_of


def file_menu(request: HttpRequest, edits: str) -> dict[str, object]:
    """Files are not narrowed to somebody's classes, so only rights to everybody count; the views ask again."""
    rights = [actor_of(request).right(name) for name in ("contingent.import", edits, "lists.export")]
    may_import, may_edit, may_export = (right is not None and right.is_everywhere for right in rights)
    return {
        "may_import": may_import,
        "may_take": may_edit and may_export,
        "file_query": f"?{request.GET.urlencode()}" if request.GET else "",
    }
