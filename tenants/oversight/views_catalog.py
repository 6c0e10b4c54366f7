"""Names of the database views an organization opens to the levels above it."""

OVERSIGHT_VIEWS = ("oversight_group", "oversight_learner", "oversight_movement")
