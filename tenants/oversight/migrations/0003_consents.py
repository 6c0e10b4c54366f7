"""Places tell how many represent the learner and how many of them have given consent: numbers only.

Source: MUNICIPALITY 2 («Parent: number and presence of consent»). The view is replaced, not recreated, and new columns
stand at its end, so the rights given on it stay.
"""

from django.db import migrations

_COLUMNS = """
select e.id, s.id as student_id, s.last_name, s.first_name, s.patronymic, s.sort_name, s.birth_date, s.sex,
       s.health_limits, e.program_kind, e.form_of_study, e.form_of_education, e.enrolled_on, e.left_on,
       p.group_id, g.name as group_name, g.grade, p.shift, p.placed_from, p.placed_to
"""
_FROM = """
from people_student s
join orders_enrollment e on e.student_id = s.id and not e.is_annulled
left join orders_placement p on p.enrollment_id = e.id
left join groups_group g on g.id = p.group_id
where not s.is_annulled and s.consent_withdrawn_on is null
"""
_NUMBERS = """,
       (select count(*) from people_guardianlink l where l.student_id = s.id) as guardians_count,
       (select count(*) from people_guardianlink l join people_guardian r on r.id = l.guardian_id
        where l.student_id = s.id and r.consent_on is not null and r.consent_withdrawn_on is null)
         as guardian_consents_count
"""


class Migration(migrations.Migration):
    dependencies = [("oversight", "0002_read_models"), ("people", "0003_special_facts")]
    operations = [
        migrations.RunSQL(
            [f"create or replace view oversight_learner as {_COLUMNS}{_NUMBERS}{_FROM}"], migrations.RunSQL.noop
        )
    ]
