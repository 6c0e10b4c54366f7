"""``python -m config`` is ``asuso``: how a command starts another one with the same interpreter."""

from config.cli import main

main()
