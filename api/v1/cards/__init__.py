"""Cards of an organization for programs: the same fields, rules and rights as its pages. Source: R-121.

Values travel as the organization keeps them: codes of classifiers, ISO days, true and false. What the caller may not
read stands in ``closed``; special facts are never served here, they open with a reason on the card's own page.
"""
