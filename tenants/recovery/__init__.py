"""Taking chosen records back from a copy of the organization: comparison, request, taking, undo."""
