"""The registry against a recount of the files by a script that shares no code with the product."""

from __future__ import annotations

import datetime
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from devdb import Server
from tests.acceptance.recount import recount
from tests.running import ASUSO, ROOT, asuso, environment

# One region for all of them: it is made once.
pytestmark = [pytest.mark.proves("R-041", "R-111", "R-131"), pytest.mark.xdist_group("chain")]

DAYS = ("2026-08-31", "2026-09-01", "2026-09-20", "2026-10-15", "2026-11-21")
BY = "municipality,organization,organization_type,program_kind,grade,sex,age"


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Path]]:
    """Five organizations with 900 learners, brought in by the product's own commands."""
    folder = tmp_path_factory.mktemp("chain")
    folder.chmod(0o755)
    data_dir, files = folder / "data", folder / "files"
    server = Server(data_dir, fast=True)
    server.start()
    try:
        asuso(data_dir, "migrate")
        asuso(data_dir, "generate", "--organizations", "5", "--learners", "900", "--seed", "7", "--to", str(files))
        asuso(data_dir, "organizations", "import", str(files / "organizations.csv"))
        for path in sorted(files.glob("contingent-*.csv")):
            slug = path.stem.removeprefix("contingent-")
            report = json.loads(asuso(data_dir, "contingent", "import", "--organization", slug, str(path)))
            assert report["refused"] == 0
        yield data_dir, files
    finally:
        server.stop()
        server.destroy()


@pytest.mark.parametrize("day", DAYS)
def test_counts_equal_a_recount_of_the_files(region, day):
    data_dir, files = region
    counted = json.loads(asuso(data_dir, "registry", "count", "--as-of", day, "--by", BY))
    expected = recount(files, datetime.date.fromisoformat(day), BY.split(","))
    assert counted["total"] == expected["total"]
    assert keyed(counted) == keyed(expected)


def keyed(document: dict) -> dict[tuple[str, ...], tuple[int, int]]:
    return {
        tuple(str(row[name]) for name in document["by"]): (row["persons"], row["enrollments"])
        for row in document["rows"]
    }


def test_verify_finds_no_difference(region):
    assert json.loads(asuso(region[0], "registry", "verify")) == {"rows": []}


def test_the_same_file_again_changes_nothing(region):
    data_dir, files = region
    path = sorted(files.glob("contingent-*.csv"))[0]
    slug = path.stem.removeprefix("contingent-")
    before = asuso(data_dir, "registry", "count", "--as-of", "2026-11-21", "--by", "grade,sex")
    report = json.loads(asuso(data_dir, "contingent", "import", "--organization", slug, str(path)))
    assert report["accepted"] == report["refused"] == report["different"] == 0
    assert report["already"] + report["drafts"] == report["rows"]
    assert asuso(data_dir, "registry", "count", "--as-of", "2026-11-21", "--by", "grade,sex") == before


def test_an_undone_import_leaves_nothing_counted_and_may_come_again(region):
    data_dir, files = region
    path = sorted(files.glob("contingent-*.csv"))[-1]
    slug = path.stem.removeprefix("contingent-")
    scope = ("registry", "count", "--as-of", "2026-11-21", "--by", "sex", "--scope", f"organization:{slug}")
    before = json.loads(asuso(data_dir, *scope))
    run_id = first_import(data_dir, slug)
    asuso(data_dir, "contingent", "undo", "--organization", slug, run_id)
    assert json.loads(asuso(data_dir, *scope))["total"] == {"persons": 0, "enrollments": 0}
    asuso(data_dir, "contingent", "import", "--organization", slug, str(path))
    assert json.loads(asuso(data_dir, *scope)) == before
    assert json.loads(asuso(data_dir, "registry", "verify")) == {"rows": []}


def first_import(data_dir: Path, slug: str) -> str:
    """The import that brought the learners, as an administrator would look it up."""
    program = (
        "from config.cli import _set_up_django; _set_up_django()\n"
        "from shared.organizations.models import Organization\n"
        "from shared.tenancy import scopes\n"
        "from tenants.intake.models import ImportRun\n"
        f"schema = Organization.objects.get(slug={slug!r}).schema_name\n"
        "with scopes.enter(scopes.of_organization(schema)):\n"
        "    print(ImportRun.objects.order_by('made_at').first().pk)\n"
    )
    done = subprocess.run(
        [ASUSO[0], "-c", program], cwd=ROOT, env=environment(data_dir), capture_output=True, text=True, check=True
    )
    return done.stdout.strip()
