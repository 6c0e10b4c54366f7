"""Reads of stored editions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import QuerySet

from shared.statforms.errors import FormUnknown

if TYPE_CHECKING:
    from shared.statforms.models import FormEdition


class FormEditionQuerySet(QuerySet["FormEdition"]):
    def current(self, code: str, edition: str | None = None) -> FormEdition:
        """The named edition of a form, or its newest one.

        Raises: FormUnknown.
        """
        editions = self.filter(code=code) if edition is None else self.filter(code=code, edition=edition)
        found = editions.order_by("edition").last()
        if found is None:
            raise FormUnknown(code=code)
        return found
