"""Every place that sends a text of SQL is listed here, so that a new one is looked at.

A whole statement of an attacker could take any organization's role (``test_escapes``: what remains), so the application
executes only text it composed itself: constants, identifiers through ``psycopg.sql``, values as parameters. Before
adding a line, check that nothing a user sent can reach the text.
"""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

from tests.architecture.files import ROOT, product_files

SENDING = {"execute", "executemany", "raw", "extra", "RawSQL", "RunSQL", "mogrify", "stream", "run_script"}
# Constants; values travel as parameters.
CONSTANTS = {
    "shared/organizations/migrations/0003_rename_is_counted.py::module": 1,
    "tenants/organization/migrations/0002_history_and_first_row.py::module": 1,
    "tenants/organization/migrations/0003_content_filters_and_dismissals.py::module": 1,
    "shared/classifiers/seeding.py::load_shipped": 1,
    "shared/audit/logs.py::has_log": 1,
    "shared/audit/migrations/0002_functions.py::module": 1,
    "shared/audit/migrations/0007_history_functions.py::module": 1,
    "shared/quality/migrations/0002_mark_function.py::module": 1,
    "tenants/history/migrations/0004_functions_in_public.py::module": 1,
    "tenants/quality/migrations/0002_function_in_public.py::module": 1,
    "shared/audit/notes.py::note_in_organization": 1,
    "shared/audit/notes.py::note_in_public": 1,
    "shared/audit/verifying.py::verify": 1,
    "shared/audit/visits.py::count_visit": 1,
    "tenants/history/migrations/0002_functions.py::module": 1,
    "platform/config/cli/context.py::_is_migrated": 2,
    "platform/config/health.py::database_answers": 1,
    "platform/config/status/parts.py::database": 1,
    "platform/fleet/preparing.py::is_prepared": 1,
    "shared/contingent/known.py::is_known_elsewhere": 1,
    "shared/contingent/migrations/0003_known_elsewhere.py::module": 1,
    "shared/contingent/overview.py::figures_by_organization": 1,
    "shared/contingent/overview.py::totals": 1,
    "shared/maintenance/faults.py::note_fault": 1,
    "shared/maintenance/migrations/0001_initial.py::module": 1,
    "platform/fleet/queries.py::sizes_of": 1,
    "shared/maintenance/services.py::writing_now": 1,
    "tenants/intake/staging.py::forget_staged": 1,
    "platform/fleet/archive.py::_drop": 1,
    "platform/fleet/backups/comparing.py::_reading": 1,
    "platform/fleet/backups/status.py::fleet_status": 1,
    "platform/fleet/backups/steps.py::note": 2,
    "platform/fleet/backups/tables.py::_ask": 1,
    "platform/fleet/backups/writing.py::write": 1,
    "platform/fleet/provisioning.py::lock_provisioning": 1,
    "shared/access/migrations/0004_support_and_approvals.py::module": 1,
    "tenants/archive/making.py::_write": 1,
    "tenants/handup/belonging.py::go_over": 1,
    "tenants/handup/belonging.py::hold_registry": 1,
    "tenants/handup/projector.py::_bring_up": 3,
    "tenants/handup/projector.py::_lock": 1,
    "tenants/handup/projector.py::_make_equal": 2,
    "tenants/handup/projector.py::_project_once": 1,
    "tenants/handup/projector.py::_recognize": 6,
    "tenants/handup/services.py::hand_up": 1,
    "tenants/handup/services.py::hand_up_everything": 1,
    "tenants/intake/writing.py::take_turn": 1,
    "tenants/people/services.py::_take_turn": 1,
    "tenants/cards/files/services.py::_take_turn": 1,
    "tenants/consents/migrations/0002_from_cards.py::module": 1,
    "tenants/papers/migrations/0002_printing_in_parts.py::module": 1,
    "tenants/quality/migrations/0001_marks.py::module": 1,
    "tenants/recovery/rows.py::check_references_at_once": 1,
    "shared/tenancy/replica.py::_refuse_old_data": 1,
    "shared/tenancy/replica.py::position": 1,
    "shared/tenancy/structure.py::differences": 1,
    "shared/tenancy/structure.py::structures": 1,
    "tenants/oversight/migrations/0001_views.py::module": 1,
    "tenants/oversight/migrations/0003_consents.py::module": 1,
}
# Names of tables, columns, schemas and roles through ``psycopg.sql``; they come from models and ``names`` alone.
IDENTIFIERS = {
    "shared/audit/operations.py::record_changes": 1,
    "shared/audit/sealing.py::_chain": 1,
    "shared/audit/sealing.py::_locked_head": 1,
    "shared/audit/sealing.py::_unsealed": 1,
    "shared/audit/sealing.py::_waiting": 1,
    "platform/fleet/backups/comparing.py::_ask": 1,
    "platform/fleet/backups/comparing.py::forget_comparison": 1,
    "platform/fleet/backups/loading.py::_execute": 1,
    "platform/fleet/backups/steps.py::_execute": 1,
    "platform/fleet/backups/steps.py::bind_card": 1,
    "platform/fleet/backups/tables.py::copy_out": 1,
    "platform/fleet/backups/tables.py::copying_in": 1,
    "platform/fleet/backups/writing.py::_migrations": 1,
    "platform/fleet/backups/writing.py::_named_files": 1,
    "shared/audit/verifying.py::_rows": 1,
    "platform/fleet/compiling.py::_execute": 1,
    "platform/fleet/compiling.py::_replay": 1,
    "platform/fleet/compiling.py::limit_waiting": 1,
    "platform/fleet/preparing.py::prepare": 1,
    "platform/fleet/preparing.py::prepare_embedded": 2,
    "shared/tenancy/backend/base.py::_handle_search_path": 1,
    "shared/tenancy/gate.py::pass_gate": 1,
    "shared/tenancy/grants.py::apply_grants": 5,
    "shared/tenancy/schemas.py::create_authority_role": 2,
    "shared/tenancy/schemas.py::create_organization_schema": 1,
    "shared/tenancy/schemas.py::create_template": 1,
    "shared/tenancy/schemas.py::drop_organization_schema": 1,
    "shared/tenancy/schemas.py::fingerprints": 1,
    "shared/tenancy/schemas.py::grant_oversight": 2,
    "shared/tenancy/schemas.py::run_script": 1,
    "tenants/recovery/rows.py::delete_rows": 1,
    "tenants/recovery/rows.py::rows_now": 1,
    "shared/tenancy/bulk.py::copy_rows": 1,
    "shared/tenancy/bulk.py::update_rows": 1,
}
# Text put together from expressions of a closed vocabulary of ours (dimensions, facets); values as parameters.
VOCABULARY = {
    "shared/kernel/compiled.py::rows": 1,  # the ORM's own text, composed once; values as parameters
    "region/registry/facets.py::_select": 1,
    "region/registry/search.py::_fetch": 1,
    "region/registry/search.py::demand_likeness": 1,  # a number of ours, formatted as such
    "shared/contingent/counts.py::_grouped": 1,
    "shared/contingent/counts.py::_repeats": 1,
    "shared/statforms/behind.py::number": 1,
    "shared/statforms/behind.py::parts": 1,
    "shared/statforms/behind.py::places": 1,
    "shared/statforms/registry_facts.py::groups": 1,
    "tenants/handup/projector.py::_count_differences": 2,
}
# Methods of the same name that send no SQL.
NOT_SQL = {"platform/fleet/tasks.py::run_onboarding": 1}
ALLOWED = {**CONSTANTS, **IDENTIFIERS, **VOCABULARY, **NOT_SQL}


class Calls(ast.NodeVisitor):
    """Counts the sending calls of a module by the function they stand in."""

    def __init__(self, module: str) -> None:
        self.module, self.inside, self.found = module, ["module"], Counter()

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self.inside.append(node.name)
        self.generic_visit(node)
        self.inside.pop()

    def visit_Call(self, node: ast.Call) -> None:
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        # A cursor's copy takes the statement; a dictionary's takes nothing.
        if name in SENDING or (name == "copy" and len(node.args) == 1):
            self.found[f"{self.module}::{self.inside[-1]}"] += 1
        self.generic_visit(node)


def sending_calls() -> dict[str, int]:
    found: Counter[str] = Counter()
    for path in product_files(".py"):
        calls = Calls(path.relative_to(ROOT).as_posix())
        calls.visit(ast.parse(path.read_text()))
        found += calls.found
    return dict(found)


def test_every_text_sent_to_the_database_was_looked_at():
    found = sending_calls()
    assert {key: found[key] for key in found if found[key] != ALLOWED.get(key)} == {}, "look at these, then list them"
    assert sorted(set(ALLOWED) - set(found)) == [], "these are gone: remove them"


def test_the_list_notices_a_new_call(tmp_path: Path):
    calls = Calls("new.py")
    calls.visit(ast.parse("def f(cursor, text):\n    cursor.execute(text)\n    Student.objects.raw(text)\n"))
    assert calls.found == {"new.py::f": 2}
