"""Backups of organizations, one file each, and the ways back: over the live one, beside it, or into a new one."""
