"""Connecting organizations from a file: reading, checking, creating, handing out the first passwords. INTERFACES 4."""
