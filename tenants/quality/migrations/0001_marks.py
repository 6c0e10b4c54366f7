"""Every statement that may change what is counted leaves a mark in its own transaction, however it was made.

A trigger and not a call in the services: cards are also written by COPY, by batches and undo, by imports and by
consents. The function belongs to the owner of the tables, so the organization's role needs no right to append.
"""

from django.db import migrations

MARK = """
create function quality_mark() returns trigger language plpgsql security definer set search_path from current as $body$
begin
    insert into public.quality_state_mark (xid, schema_name)
    values (pg_current_xact_id()::text::bigint, current_schema()) on conflict do nothing;
    return null;
end
$body$
"""
TABLES = (
    "people_student",
    "people_studentspecial",
    "people_guardian",
    "people_guardianlink",
    "staff_staffmember",
    "staff_diploma",
    "staff_stafftraining",
    "staff_certification",
    "staff_award",
    "organization_organizationcard",
    "orders_enrollment",
    "orders_placement",
)
FORWARD = [
    MARK,
    *[
        f"create trigger quality_mark after insert or update or delete on {table} "
        "for each statement execute function quality_mark()"
        for table in TABLES
    ],
]
BACKWARD = [*[f"drop trigger quality_mark on {table}" for table in TABLES], "drop function quality_mark()"]


class Migration(migrations.Migration):
    initial = True
    dependencies = [
        ("people", "0004_cards_in_full"),
        ("staff", "0001_initial"),
        ("organization", "0002_history_and_first_row"),
        ("orders", "0001_initial"),
    ]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
