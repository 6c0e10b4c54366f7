"""Ages that deserve a look: too young or too grown for a grade, unusual for a group of little ones."""

from typing import Final

FIRST_GRADE_MONTHS: Final = 6 * 12 + 6  # Source: 273-ФЗ, ст. 67 ч. 1
OLDER_THAN_GRADE_YEARS: Final = 9  # Source: CONTINGENT 4, C6
PRESCHOOL_MONTHS: Final = (2, 8 * 12)  # Source: 273-ФЗ, ст. 67 ч. 1: from two months, school by eight years


def age_doubt(months: int, *, grade: int | None, program_kind: str = "", form_of_study: str = "full_time") -> str:
    """What is unusual about full months lived on the first day of study, as the end of a sentence; usually nothing.

    Only whoever studies full time can be too grown for a grade. Source: CONTINGENT 4, C6.
    """
    if program_kind == "preschool":
        usual = PRESCHOOL_MONTHS[0] <= months < PRESCHOOL_MONTHS[1]
        return "" if usual else "это необычно для дошкольной группы"
    if grade is None:
        return ""
    if months < (FIRST_GRADE_MONTHS if grade == 1 else (grade + 5) * 12):
        return f"это мало для {grade} класса"
    grown = form_of_study == "full_time" and months >= (grade + OLDER_THAN_GRADE_YEARS + 1) * 12
    return f"это много для {grade} класса" if grown else ""
