"""``make bench``: one table, each row with a baseline measured in the same run.

A durable embedded server of its own in a temporary directory; nothing here is a test, nothing has a time limit.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

FOLDER = Path(tempfile.mkdtemp(prefix="asuso-bench-"))
FOLDER.chmod(0o755)  # the server may run as another user
os.environ["DATA_DIR"] = str(FOLDER)
os.environ["THROTTLE_SCALE"] = "1000"
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.dev"


def main() -> None:
    import django

    django.setup()
    from django.conf import settings
    from django.db import connections

    from config.webserver import collect_static
    from devdb import Server
    from fleet.migration import migrate_all
    from fleet.preparing import prepare_embedded
    from tests.benchmarks import measures
    from tests.benchmarks.table import print_machine, print_table

    chosen = measures.chosen(sys.argv[1:])
    server = Server(settings.DATA_DIR)
    try:
        with server.lease() as place:
            prepare_embedded(place.dsn(user="postgres", dbname="postgres"))
            migrate_all()
            collect_static()
            rows = []
            for measure in chosen:
                print(f"… {measure.__doc__.splitlines()[0]}", file=sys.stderr)
                rows += list(measure(FOLDER))
            print_machine()
            print_table(rows)
            connections.close_all()
    finally:
        server.destroy()
        shutil.rmtree(FOLDER, ignore_errors=True)


if __name__ == "__main__":
    main()
