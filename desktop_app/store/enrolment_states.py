"""States of enrolments, told apart for SQL by whether they are membership."""

OUTSIDE = "('refused', 'rejected', 'applied', 'waitlisted')"
"""States of enrolments that never became membership, for SQL: they are on no roster."""
LEFT = "('withdrawn', 'transferred')"
"""States of people who left: their marks stay, they are counted no more."""
