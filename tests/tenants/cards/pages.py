"""Pages of cards as a browser asks for them."""

from __future__ import annotations

import re

SNILS = "11223344595"
ADDRESS = "г. Белореченск, ул. Садовая, д. 18"
HTMX = {"HX-Request": "true"}


def page_of(client, path: str) -> str:
    answer = client.get(path, headers=HTMX)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode().replace("\u00a0", " ")


def base_in(page: str) -> str:
    found = re.search(r'name="base" value="([^"]+)"', page)
    assert found
    return found[1]


def opened(client, kind: str, card, section: str) -> dict[str, str]:
    """The form as a browser would send it back untouched."""
    answer = client.get(f"/cards/{kind}/{card.pk}/{section}/", headers=HTMX)
    assert answer.status_code == 200, answer.status_code
    form = answer.context["form"]
    sent = {bound.html_name: bound.value() for bound in form if bound.value() is not None}
    return {**sent, "base": answer.context["base"]}
