"""Tasks through Redis behave as through the file system: the same tests, another broker."""

import os
import subprocess
import sys

from tests.running import ROOT


def test_the_tests_of_tasks_pass_with_redis(redis_url):
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("ASUSO_TEST", "DATA_DIR", "PYTEST"))
    }
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "tests/shared/messaging", "-q", "-p", "no:cacheprovider"],
        cwd=ROOT,
        env=kept | {"BROKER_URL": redis_url},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:]
