"""What may be wrong with the store of files."""


class FileGone(RuntimeError):
    """A fault: the row is there, its content is not, or is not what was uploaded. The text is the row's key."""
