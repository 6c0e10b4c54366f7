"""Views with the limited fields that the levels above may see. Source: MUNICIPALITY 2.

They belong to the owner of the tables, so a reader needs a right on the view alone. Identity documents, addresses,
telephones and guardians are not in them.
"""

from django.db import migrations

VIEWS = [
    """
create view oversight_group as
select g.id, g.kind, g.academic_year, g.name, g.grade, g.program, g.direction, g.class_type, g.age_band, g.stay_regime
from groups_group g where not g.is_annulled
""",
    """
create view oversight_learner as
select e.id, s.id as student_id, s.last_name, s.first_name, s.patronymic, s.sort_name, s.birth_date, s.sex,
       s.health_limits, e.program_kind, e.form_of_study, e.form_of_education, e.enrolled_on, e.left_on,
       p.group_id, g.name as group_name, g.grade, p.shift, p.placed_from, p.placed_to
from people_student s
join orders_enrollment e on e.student_id = s.id and not e.is_annulled
left join orders_placement p on p.enrollment_id = e.id
left join groups_group g on g.id = p.group_id
where not s.is_annulled and s.consent_withdrawn_on is null
""",
    """
create view oversight_movement as
select r.id, r.student_id, s.last_name, s.first_name, s.patronymic, s.birth_date, r.movement_type, r.effective_on,
       g.name as group_name,
       o.kind, o.number as order_number, o.issued_on as order_date, r.note
from orders_orderrow r
join orders_order o on o.id = r.order_id and o.status = 'signed'
join people_student s on s.id = r.student_id and not s.is_annulled and s.consent_withdrawn_on is null
left join groups_group g on g.id = r.group_id
where not r.is_annulled
""",
]


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial"), ("groups", "0001_initial"), ("orders", "0001_initial")]
    operations = [
        migrations.RunSQL(
            VIEWS, ["drop view oversight_movement", "drop view oversight_learner", "drop view oversight_group"]
        )
    ]
