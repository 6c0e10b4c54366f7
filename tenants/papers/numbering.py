"""Numbers of registers: given once, whoever asks at the same moment."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F

from tenants.papers.models import Numbering


@transaction.atomic
def take_numbers(register: Numbering.Register, year: int, count: int) -> range:
    """The next ``count`` numbers of a year.

    One statement moves the counter and holds its row till the commit, so a second clerk waits and gets the numbers
    after these; a rollback gives them back, and the register has no gaps.
    """
    row, _ = Numbering.objects.get_or_create(register=register, year=year)
    Numbering.objects.filter(pk=row.pk).update(last=F("last") + count)
    last = Numbering.objects.values_list("last", flat=True).get(pk=row.pk)
    return range(last - count + 1, last + 1)
