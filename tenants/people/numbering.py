"""Numbers of personal files (личные дела): letter and number of the alphabetical book. Source: ORGANIZATION 2.3."""

from __future__ import annotations

from itertools import count
from typing import Final

from shared.access.workspaces import OrganizationFacts
from shared.cards.values import BOOK_DIGITS
from tenants.people.models import Student

_LAST: Final = 10**BOOK_DIGITS - 1


def keeps_personal_files(organization: OrganizationFacts) -> bool:
    """A school keeps a personal file of every learner, so none is without a number. Source: ORGANIZATION 2.3."""
    return organization.org_type == "school"


def proposed_file_no(last_name: str) -> str:
    """The next number of the surname's letter: «К-15»; '' while there is no letter. Ё is entered under Е.

    A longer tail than a book has is no number of it; after the last number come those that were left out.
    """
    letter = next((sign for sign in last_name.upper().replace("Ё", "Е") if sign.isalpha()), "")
    if not letter:
        return ""
    head = f"{letter}-"
    given = Student.objects.filter(personal_file_no__startswith=head).values_list("personal_file_no", flat=True)
    tails = (number.removeprefix(head) for number in given)
    used = {int(tail) for tail in tails if tail.isdecimal() and len(tail) <= BOOK_DIGITS}
    following = max(used, default=0) + 1
    if following > _LAST:
        following = next(number for number in count(1) if number not in used)
    return f"{head}{following}"
