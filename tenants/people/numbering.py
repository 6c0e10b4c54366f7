"""Numbers of personal files (личные дела): letter and number of the alphabetical book. Source: ORGANIZATION 2.3."""

from __future__ import annotations

from shared.access.workspaces import OrganizationFacts
from tenants.people.models import Student


def keeps_personal_files(organization: OrganizationFacts) -> bool:
    """A school keeps a personal file of every learner, so none is without a number. Source: ORGANIZATION 2.3."""
    return organization.org_type == "school"


def proposed_file_no(last_name: str) -> str:
    """The next number of the surname's letter: «К-15»; '' while there is no letter. Ё is entered under Е."""
    letter = next((sign for sign in last_name.upper().replace("Ё", "Е") if sign.isalpha()), "")
    if not letter:
        return ""
    head = f"{letter}-"
    given = Student.objects.filter(personal_file_no__startswith=head).values_list("personal_file_no", flat=True)
    used = [int(tail) for tail in (number.removeprefix(head) for number in given) if tail.isdecimal()]
    return f"{head}{max(used, default=0) + 1}"
