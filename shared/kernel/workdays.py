"""Terms of working days."""

import datetime


def working_days_after(day: datetime.date, number: int) -> datetime.date:
    """The last day of a term of working days; holidays of the calendar are not known here, weekends are."""
    while number:
        day += datetime.timedelta(days=1)
        number -= day.weekday() < 5
    return day
