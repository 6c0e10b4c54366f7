"""What the demonstration remembers between Ctrl-C and the next start."""

import csv
import stat

from config.demo.filling import _main_school
from config.demo.people import PEOPLE
from config.demo.state import DemoState
from shared.access.roles import role_facts
from shared.accounts.passwords import one_time_password


def test_what_was_finished_is_read_back_and_open_to_its_owner_only(tmp_path):
    state = DemoState.read(tmp_path)
    assert not state.is_complete
    state.imported.append("school-1")
    state.passwords["director"] = one_time_password()
    state.write()
    again = DemoState.read(tmp_path)
    assert (again.imported, again.passwords) == (state.imported, state.passwords)
    assert stat.S_IMODE((tmp_path / "demo" / "state.json").stat().st_mode) == 0o600


def test_every_level_has_people_and_one_person_has_several_places():
    levels = {role_facts()[role].level for person in PEOPLE for role, _ in person.places}
    assert levels == {"organization", "municipality", "region", "training", "operator"}
    assert max(len(person.places) for person in PEOPLE) == 3


def test_the_main_school_is_the_largest_of_the_municipality_with_most_organizations(tmp_path):
    rows = [
        ("alone", "school", "03000001", 900),
        ("small", "school", "03000002", 100),
        ("large", "school", "03000002", 500),
        ("garden", "preschool", "03000002", 700),
    ]
    with (tmp_path / "organizations.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["slug", "type", "oktmo"])
        for slug, kind, oktmo, size in rows:
            writer.writerow([slug, kind, oktmo])
            (tmp_path / f"contingent-{slug}.csv").write_text("x" * size)
    assert _main_school(tmp_path) == "large"
