"""A rename counts the version up, whoever makes it: what was prepared for one name is not done under another."""

from django.db import migrations

FORWARD = [
    "create function organizations_count_rename() returns trigger language plpgsql set search_path = public as $body$ "
    "begin new.version := old.version + 1; return new; end $body$",
    "create trigger rename_is_counted before update of full_name, short_name on organizations_organization "
    "for each row when (old.full_name is distinct from new.full_name or old.short_name is distinct from new.short_name) "
    "execute function organizations_count_rename()",
]
BACKWARD = [
    "drop trigger rename_is_counted on organizations_organization",
    "drop function organizations_count_rename()",
]


class Migration(migrations.Migration):
    dependencies = [("organizations", "0002_card")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
