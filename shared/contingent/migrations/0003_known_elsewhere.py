"""«Is such a person known to the registry elsewhere?»: yes or no, never where. Source: CONTINGENT 3, ORGANIZATION 2.3.

An organization may not read people of the registry; this one question is answered by the owner's function. ``role`` is
the role of the work transaction: inside the function ``current_user`` is the owner.
"""

from django.db import migrations

KNOWN = """
create function contingent_known_elsewhere(asked_snils text, asked_name text, asked_day date)
returns boolean language sql stable security definer set search_path = public as $body$
    select exists (
        select from contingent_personlink l
        where not l.is_withdrawn
          and l.organization_id is distinct from (
              select s.organization_id from tenancy_rolescope s where s.role_name = current_setting('role'))
          and l.person_id in (
              select i.person_id from contingent_personidentity i
              where asked_snils <> '' and i.snils = asked_snils and i.snils <> ''
              union all
              select p.id from contingent_person p
              where asked_name <> '' and p.birth_date = asked_day
                and (p.sort_name = asked_name or (p.sort_name >= asked_name || ' ' and p.sort_name < asked_name || '!'))
          )
    )
$body$
"""


class Migration(migrations.Migration):
    dependencies = [("contingent", "0002_withdrawn"), ("tenancy", "0001_initial")]

    operations = [
        migrations.RunSQL(
            [KNOWN], ["drop function contingent_known_elsewhere(text, text, date)"]
        ),
    ]
