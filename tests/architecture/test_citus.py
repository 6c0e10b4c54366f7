"""What schema-based sharding by Citus asks of tables and statements, as far as it shows without Citus.

Each known exception stands here with what the runbook does about it (platform/deploy/citus.md, step of that letter); a
new one fails, and so does one that is gone. Source: TENANCY 8, ADR 0020.
"""

from __future__ import annotations

import ast
import re
import uuid
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import psycopg
import pytest
from django.apps import apps
from django.conf import settings
from django.db import connections

from devdb import locate
from shared.organizations.models import Organization
from shared.tenancy import names
from shared.tenancy.backend.base import DatabaseWrapper
from tenants.handup.projector import settle
from tests.architecture.files import ROOT, product_files
from tests.support import client_of, connect
from tests.tenants import factories

RUNBOOK = ROOT / "platform" / "deploy" / "citus.md"
DISTRIBUTED = {  # table → the column its rows are spread by
    "contingent_registryenrollment": "organization_id",
    "contingent_registrymovement": "organization_id",
    "contingent_personlink": "organization_id",
    "contingent_person": "id",
    "contingent_personidentity": "person_id",
}
REFERENCE = {"tenancy_rolescope"}  # row security of the distributed tables asks it, on every node
# Step c: references between tables that are spread differently go; reconciling compares what they held together.
LOOSE_REFERENCES = {
    ("contingent_registryenrollment", "contingent_person"),
    ("contingent_registrymovement", "contingent_person"),
    ("contingent_personlink", "contingent_person"),
}
# Step d: an authority's right to a person is asked of enrollments, which are spread otherwise, and of organizations.
LOOSE_POLICIES = {
    ("contingent_person_authorities_select", "contingent_registryenrollment"),
    ("contingent_person_authorities_select", "organizations_organization"),
}
# Step e: these mark in public which organization has something new; on a worker that is a query inside a query.
OWN_MARKING_FUNCTIONS = {"history_note"}
MARKING_FUNCTIONS = {*OWN_MARKING_FUNCTIONS, "history_record", "quality_mark"}
# Files whose SQL knows both sides.
BOTH_SIDES = {
    "tenants/handup/statements.py": "step f: the projector and reconciling, statement by statement",
    "tenants/history/migrations/0002_functions.py": "step e: the mark of the log",
    "shared/audit/migrations/0007_history_functions.py": "step e: the mark of the log",
    "tenants/quality/migrations/0001_marks.py": "step e: the mark of quality",
    "tenants/organization/migrations/0002_history_and_first_row.py": "once, by owner, before a schema is distributed",
    "tenants/consents/migrations/0002_from_cards.py": "once, by owner, before a schema is distributed",
    "shared/audit/logs.py": "names of the two logs, never in one statement",
}
# Statements over the registry that several shards cannot answer together.
ONE_SHARD_ONLY = re.compile(r"grouping sets|rollup\s*\(|cube\s*\(|with recursive|for (?:update|share)", re.IGNORECASE)
OVER_THE_REGISTRY = {
    "region/registry/facets.py": "step g: grouping sets of the numbers beside the filters",
    "tenants/handup/statements.py": "locks rows of the outbox, which stays on the coordinator",
}


@pytest.fixture
def ask(committed):
    """Answers of the catalog; ``%(spread)s`` are the distributed tables."""

    def rows(text: str) -> list[tuple]:
        with connections["owner"].cursor() as cursor:
            cursor.execute(text, {"spread": list(DISTRIBUTED), "template": names.TEMPLATE})
            return cursor.fetchall()

    return rows


@cache
def tables(*, of_organizations: bool) -> frozenset[str]:
    models = apps.get_models(include_auto_created=True)
    return frozenset(model._meta.db_table for model in models if _is_tenant(model) is of_organizations)


def _is_tenant(model: type) -> bool:
    return apps.get_app_config(model._meta.app_label).name in settings.TENANT_APPS


def texts(path: Path) -> str:
    """All texts of a file that are no documentation."""
    tree = ast.parse(path.read_text())
    documented = (ast.Module, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    bodies = [node.body for node in ast.walk(tree) if isinstance(node, documented) and node.body]
    documents = {id(body[0].value) for body in bodies if isinstance(body[0], ast.Expr)}
    constants = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in documents)
    return " ".join(node.value for node in constants if isinstance(node.value, str))


@cache
def named_tables(path: Path) -> frozenset[str]:
    """Tables that texts of a file name; most files name none, and are not parsed."""
    every = tables(of_organizations=True) | tables(of_organizations=False)
    if every.isdisjoint(re.findall(r"[a-z_]+", path.read_text())):
        return frozenset()
    return frozenset(every.intersection(re.findall(r"[a-z_]+", texts(path))))


def sources() -> Iterator[tuple[str, Path]]:
    for path in product_files(".py"):
        yield path.relative_to(ROOT).as_posix(), path


# Tables


def test_the_distributed_tables_exist(ask):
    found = ask(
        "select relname from pg_class where relname = any(%(spread)s) and relnamespace = 'public'::regnamespace"
    )
    assert {name for (name,) in found} == set(DISTRIBUTED)


def test_what_is_unique_in_a_distributed_table_holds_its_column(ask):
    found = ask(
        "select x.indrelid::regclass::text, x.indexrelid::regclass::text, array(select attname::text"
        " from pg_attribute a where a.attrelid = x.indrelid and a.attnum = any(x.indkey::int2[]))"
        " from pg_index x where (x.indisunique or x.indisexclusion) and x.indrelid = any(%(spread)s::regclass[])"
    )
    assert {table for table, _, _ in found} == set(DISTRIBUTED)
    assert [index for table, index, columns in found if DISTRIBUTED[table] not in columns] == []


def test_references_lead_where_rows_stand_together(ask):
    found = ask(
        "select conrelid::regclass::text, confrelid::regclass::text,"
        " (select attname::text from pg_attribute where attrelid = conrelid and attnum = conkey[1]),"
        " (select attname::text from pg_attribute where attrelid = confrelid and attnum = confkey[1])"
        " from pg_constraint where contype = 'f' and (conrelid = any(%(spread)s::regclass[])"
        " or confrelid = any(%(spread)s::regclass[]))"
    )
    loose = {
        (one, other)
        for one, other, key, referred in found
        if other not in REFERENCE and (DISTRIBUTED.get(one), DISTRIBUTED.get(other)) != (key, referred)
    }
    assert loose == LOOSE_REFERENCES


def test_spread_and_copied_tables_have_no_triggers_and_number_nothing(ask):
    everywhere = [*DISTRIBUTED, *REFERENCE]
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "select tgname from pg_trigger where not tgisinternal and tgrelid = any(%(tables)s::regclass[])"
            " union all"
            " select attname from pg_attribute where attidentity <> '' and attrelid = any(%(tables)s::regclass[])",
            {"tables": everywhere},
        )
        assert cursor.fetchall() == []


def test_row_security_of_a_distributed_table_asks_what_stands_on_every_node(ask):
    found = ask(
        "select distinct p.polname, d.refobjid::regclass::text from pg_policy p join pg_depend d"
        " on d.classid = 'pg_policy'::regclass and d.objid = p.oid and d.refclassid = 'pg_class'::regclass"
        " where p.polrelid = any(%(spread)s::regclass[]) and d.refobjid <> p.polrelid"
    )
    assert found
    assert {(policy, table) for policy, table in found if table not in REFERENCE} == LOOSE_POLICIES


# Schemas of organizations


def test_nothing_in_a_schema_refers_out_of_it(ask):
    references = ask(
        "select conname from pg_constraint k join pg_class r on r.oid = k.confrelid where k.contype = 'f'"
        " and k.connamespace = %(template)s::regnamespace and r.relnamespace <> k.connamespace"
    )
    views = ask(
        "select a.relname, b.relname from pg_depend d"
        " join pg_rewrite r on d.classid = 'pg_rewrite'::regclass and r.oid = d.objid"
        " join pg_class a on a.oid = r.ev_class"
        " join pg_class b on d.refclassid = 'pg_class'::regclass and b.oid = d.refobjid"
        " where a.relnamespace = %(template)s::regnamespace and b.relnamespace <> a.relnamespace"
    )
    assert (references, views) == ([], [])


def test_functions_of_a_schema_touch_no_other_one(ask):
    """Table names of public in the body, whether it names the schema or not."""
    found = ask("select proname, prosrc from pg_proc where pronamespace = %(template)s::regnamespace")
    public = tables(of_organizations=False)
    touching = {name for name, body in found if public & set(re.findall(r"[a-z_]+", body)) or "public." in body}
    assert touching == OWN_MARKING_FUNCTIONS


def test_triggers_of_a_schema_call_these_functions_of_public(ask):
    found = ask(
        "select distinct p.proname, p.pronamespace::regnamespace::text from pg_trigger t"
        " join pg_class c on c.oid = t.tgrelid join pg_proc p on p.oid = t.tgfoid"
        " where c.relnamespace = %(template)s::regnamespace and not t.tgisinternal"
    )
    assert {space for _, space in found} == {"public"}
    assert {name for name, _ in found} == {"history_record", "history_refuse", "quality_mark"}


def test_no_number_is_smaller_than_the_range_of_a_node(ask):
    """A node takes numbers of a bigint from a range of its own; smaller ones would collide."""
    found = ask(
        "select attname from pg_attribute a join pg_class c on c.oid = a.attrelid where a.attidentity <> ''"
        " and c.relnamespace = %(template)s::regnamespace and format_type(a.atttypid, null) <> 'bigint'"
    )
    assert found == []


def test_a_schema_has_only_what_becomes_one_shard(ask):
    """Plain tables, indexes, views; no partitions, foreign or unlogged tables, no constraint checked later but keys."""
    kinds = ask(
        "select relname from pg_class where relnamespace = %(template)s::regnamespace"
        " and (relkind not in ('r', 'i', 'v', 'S', 't', 'c') or relpersistence <> 'p' or relispartition)"
    )
    later = ask(
        "select conname from pg_constraint where connamespace = %(template)s::regnamespace"
        " and condeferrable and contype <> 'f'"
    )
    assert (kinds, later) == ([], [])


def test_no_model_of_an_organization_is_joined_to_a_public_one():
    crossing = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.get_fields()
        if field.is_relation and field.concrete and field.related_model
        if _is_tenant(model) is not _is_tenant(field.related_model)
    ]
    assert crossing == []


# Statements


def test_sql_of_both_sides_stands_in_listed_files():
    own, public = tables(of_organizations=True), tables(of_organizations=False)
    found = {name for name, path in sources() if (named := named_tables(path)) & own and named & public}
    assert found == set(BOTH_SIDES)


def test_the_registry_is_asked_only_what_many_shards_can_answer():
    asking = [(name, path) for name, path in sources() if named_tables(path) & set(DISTRIBUTED)]
    by_facets = ("region/registry/facets.py", ROOT / "region/registry/facets.py")  # names its table by another module
    found = {name for name, path in {*asking, by_facets} if ONE_SHARD_ONLY.search(texts(path))}
    assert found == set(OVER_THE_REGISTRY)
    models = "Person|PersonIdentity|PersonLink|RegistryEnrollment|RegistryMovement"
    locking = re.compile(rf"\b(?:{models})\.objects[^\n]*select_for_update")
    assert [name for name, path in sources() if locking.search(path.read_text())] == []


@pytest.fixture
def stated(committed, monkeypatch) -> list[set[tuple[str | None, str]]]:
    """Roles and schemas that each transaction of ``default`` states, in order."""
    transactions: list[set[tuple[str | None, str]]] = [set()]
    message, commit, rollback = DatabaseWrapper._message, DatabaseWrapper._commit, DatabaseWrapper._rollback

    def note(self, scope):
        if self.alias == "default":
            transactions[-1].add((scope.role, scope.schema))
        return message(self, scope)

    def ended(after):
        def end(self):
            if self.alias == "default":
                transactions.append(set())
            return after(self)

        return end

    monkeypatch.setattr(DatabaseWrapper, "_message", note)
    monkeypatch.setattr(DatabaseWrapper, "_commit", ended(commit))
    monkeypatch.setattr(DatabaseWrapper, "_rollback", ended(rollback))
    return transactions


def test_a_transaction_has_one_role_and_one_schema(stated):
    """A day in short: a school enrolls, the registry hears, the office and the ministry look, into the school too."""
    place = connect(f"shard-{uuid.uuid4().hex[:8]}")
    with place.work():
        factories.enroll(factories.student(), into=factories.group("5А"))
    settle(Organization.objects.using("owner").get(pk=place.organization.pk))
    visits = {
        "school-1.localhost": ("anna", "/", "/students/", "/account/"),
        "municipality.localhost": ("boris", "/", "/registry/counts/", f"/organizations/{place.organization.slug}/"),
        "region.localhost": ("marina", "/", "/registry/", "/forms/oo-1/"),
    }
    for host, (login, *addresses) in visits.items():
        person = client_of(host, login)
        assert [person.get(address).status_code for address in addresses] == [200] * len(addresses), host
    some = [one for one in stated if one]
    assert {schema for one in some for _, schema in one} >= {place.organization.schema_name, names.PUBLIC}
    assert [one for one in some if len(one) > 1] == []


# Roles


@pytest.mark.parametrize("may_log_in", [False, True])
def test_roles_of_workspaces_log_in_only_where_the_installation_says_so(committed, settings, may_log_in):
    """Citus reaches its workers as the current user; such a role has no password, so nobody else gets in by it."""
    settings.TENANCY_LOGIN_ROLES = may_log_in
    place = connect(f"login-{uuid.uuid4().hex[:8]}")
    role = names.role(place.organization.schema_name)
    with psycopg.connect(**locate(settings.DATA_DIR).dsn(user="postgres", dbname="asuso")) as superuser:
        found = superuser.execute(
            "select rolcanlogin, rolpassword from pg_authid where rolname = %s", [role]
        ).fetchone()
    assert found == (may_log_in, None)
    with place.work(), connections["default"].cursor() as cursor:
        cursor.execute("select current_user")
        assert cursor.fetchone() == (role,)


# The runbook


def test_the_runbook_names_every_exception_and_has_every_step():
    text = RUNBOOK.read_text()
    wanted = {*DISTRIBUTED, *REFERENCE, *MARKING_FUNCTIONS, *(policy for policy, _ in LOOSE_POLICIES)}
    assert [one for one in sorted(wanted) if f"`{one}`" not in text] == []
    reasons = (*BOTH_SIDES.values(), *OVER_THE_REGISTRY.values())
    steps = {reason[len("step ") :].partition(":")[0] for reason in reasons if reason.startswith("step ")}
    assert [step for step in sorted(steps | {"c", "d"}) if f"\n## {step}. " not in text] == []
