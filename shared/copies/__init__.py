"""Copies of an organization that the operator offers its people to compare with and take records back from."""
