"""The operator's side of maintenance breaks: forms and the register as a file."""
