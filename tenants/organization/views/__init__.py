"""Pages of the organization card."""
