"""SQL of the projection: what the registry should hold of one organization, and how people are recognized.

Every statement runs in the scope ``projector`` of that organization: unqualified names without a prefix of the public
apps are its own tables. Placeholders are named; ``keys`` is null for the whole organization.
"""

from __future__ import annotations

_KEY = "regexp_replace(translate(upper({}), 'Ё', 'Е'), '[[:space:]-]+', ' ', 'g')"
LAST_KEY = _KEY.format("s.last_name")
FIRST_KEY = _KEY.format("s.first_name")

_UNLINKED = """
people_student s
where not s.is_annulled
  and not exists (
    select 1 from contingent_personlink l where l.organization_id = %(organization)s and l.student_id = s.id)
  and (%(keys)s::uuid[] is null or exists (
    select 1 from orders_enrollment e where e.student_id = s.id and e.id = any(%(keys)s::uuid[])))
"""

# CONTINGENT 3 step 1: СНИЛС, birth date, and surname or name. «<> ''» is said of both sides: the index is partial.
LINK_BY_SNILS = f"""
insert into contingent_personlink (organization_id, student_id, person_id)
select distinct on (s.id) %(organization)s, s.id, i.person_id
from contingent_personidentity i, {_UNLINKED}
  and s.snils <> '' and i.snils <> '' and i.snils = s.snils and i.birth_date = s.birth_date
  and (i.last_key = {LAST_KEY} or i.first_key = {FIRST_KEY})
order by s.id, i.person_id
"""

# CONTINGENT 3 step 2: document and birth date.
LINK_BY_DOCUMENT = f"""
insert into contingent_personlink (organization_id, student_id, person_id)
select distinct on (s.id) %(organization)s, s.id, i.person_id
from contingent_personidentity i, {_UNLINKED}
  and s.doc_number <> '' and i.doc_number <> '' and i.doc_number = s.doc_number and i.doc_series = s.doc_series
  and i.doc_type = s.doc_type and i.birth_date = s.birth_date
  and (s.snils = '' or i.snils = '' or i.snils = s.snils)
order by s.id, i.person_id
"""

# One learner of each document stands for the others of this organization; the next round links them to his person.
NEW_PEOPLE = f"""
select distinct on (case when s.doc_number = '' then s.id::text
                         else concat_ws('|', s.doc_type, s.doc_series, s.doc_number, s.birth_date) end) s.id
from {_UNLINKED}
order by case when s.doc_number = '' then s.id::text
              else concat_ws('|', s.doc_type, s.doc_series, s.doc_number, s.birth_date) end, s.id
"""

CREATE_PEOPLE = """
insert into contingent_person (id, last_name, first_name, patronymic, birth_date, sex, citizenship)
select t.person, s.last_name, s.first_name, s.patronymic, s.birth_date, s.sex, s.citizenship
from unnest(%(students)s::uuid[], %(people)s::uuid[]) as t(student, person) join people_student s on s.id = t.student
"""
CREATE_IDENTITIES = f"""
insert into contingent_personidentity
  (person_id, snils, doc_type, doc_series, doc_number, birth_date, last_key, first_key)
select t.person, s.snils, s.doc_type, s.doc_series, s.doc_number, s.birth_date, {LAST_KEY}, {FIRST_KEY}
from unnest(%(students)s::uuid[], %(people)s::uuid[]) as t(student, person) join people_student s on s.id = t.student
"""
CREATE_LINKS = """
insert into contingent_personlink (organization_id, student_id, person_id)
select %(organization)s, t.student, t.person from unnest(%(students)s::uuid[], %(people)s::uuid[]) as t(student, person)
"""

# The golden record follows the organization that spoke last, until the region decides conflicts of fields itself.
UPDATE_PEOPLE = """
update contingent_person p
set last_name = s.last_name, first_name = s.first_name, patronymic = s.patronymic,
    birth_date = s.birth_date, sex = s.sex, citizenship = s.citizenship
from contingent_personlink l join people_student s on s.id = l.student_id
where l.organization_id = %(organization)s and l.person_id = p.id and not s.is_annulled
  and s.consent_withdrawn_on is null
  and (%(keys)s::uuid[] is null or exists (
    select 1 from orders_enrollment e where e.student_id = s.id and e.id = any(%(keys)s::uuid[])))
  and (p.last_name, p.first_name, p.patronymic, p.birth_date, p.sex, p.citizenship)
      is distinct from (s.last_name, s.first_name, s.patronymic, s.birth_date, s.sex, s.citizenship)
"""
UPDATE_IDENTITIES = f"""
update contingent_personidentity i
set snils = case when s.snils <> '' then s.snils else i.snils end,
    doc_type = case when s.doc_number <> '' then s.doc_type else i.doc_type end,
    doc_series = case when s.doc_number <> '' then s.doc_series else i.doc_series end,
    doc_number = case when s.doc_number <> '' then s.doc_number else i.doc_number end,
    birth_date = s.birth_date, last_key = {LAST_KEY}, first_key = {FIRST_KEY}
from contingent_personlink l join people_student s on s.id = l.student_id
where l.organization_id = %(organization)s and l.person_id = i.person_id and not s.is_annulled
  and s.consent_withdrawn_on is null
  and (%(keys)s::uuid[] is null or exists (
    select 1 from orders_enrollment e where e.student_id = s.id and e.id = any(%(keys)s::uuid[])))
  and (i.birth_date, i.last_key, i.first_key, i.snils, i.doc_number) is distinct from
      (s.birth_date, {LAST_KEY}, {FIRST_KEY}, case when s.snils <> '' then s.snils else i.snils end,
       case when s.doc_number <> '' then s.doc_number else i.doc_number end)
"""

# A withdrawal of consent is marked on the link; the person stays for the counts of the days before it, and his name and
# documents are emptied unless another organization hands him up. Source: ORGANIZATION 3.3, 152-ФЗ ст. 21 ч. 5.
MARK_WITHDRAWN = """
update contingent_personlink l set is_withdrawn = s.consent_withdrawn_on is not null
from people_student s
where l.organization_id = %(organization)s and l.student_id = s.id
  and l.is_withdrawn <> (s.consent_withdrawn_on is not null)
  and (%(keys)s::uuid[] is null or exists (
    select 1 from orders_enrollment e where e.student_id = s.id and e.id = any(%(keys)s::uuid[])))
"""
_BLANKED = """
select l.person_id from contingent_personlink l join people_student s on s.id = l.student_id
where l.organization_id = %(organization)s and s.consent_withdrawn_on is not null
  and (%(keys)s::uuid[] is null or exists (
    select 1 from orders_enrollment e where e.student_id = s.id and e.id = any(%(keys)s::uuid[])))
  and not exists (
    select 1 from contingent_personlink o where o.person_id = l.person_id and not o.is_withdrawn)
"""
BLANK_PEOPLE = f"""
update contingent_person p
set last_name = 'Согласие', first_name = 'отозвано', patronymic = '', birth_date = date_trunc('year', p.birth_date)
where p.id in ({_BLANKED}) and (p.last_name, p.first_name, p.patronymic) <> ('Согласие', 'отозвано', '')
"""
BLANK_IDENTITIES = f"""
update contingent_personidentity i
set snils = '', doc_type = '', doc_series = '', doc_number = '', last_key = '', first_key = '',
    birth_date = date_trunc('year', i.birth_date)
where i.person_id in ({_BLANKED}) and (i.snils, i.doc_number, i.last_key) <> ('', '', '')
"""

ENROLLMENT_COLUMNS = (
    "organization_id, enrollment_id, days_from, days_to, person_id, student_id, organization_type, municipality_oktmo, "
    "region_code, founder_id, urban_rural, birth_date, sex, citizenship, health_limits, disability, program_kind, "
    "level, is_basic, form_of_study, form_of_education, enrolled_on, left_on, departure_reason, order_number, "
    "order_date, shift, group_id, group_name, academic_year, grade, program, direction, class_type, age_band, "
    "stay_regime, financing, class_set"
)

# Whose territory and founder the organization is of: one row for every span of its days. Source: REGION 1.
_BELONGING = """
select daterange(days_from, days_to) as days, municipality, founder
from unnest(%(spans_from)s::date[], %(spans_to)s::date[], %(municipalities)s::varchar[], %(founders)s::int[])
  as t(days_from, days_to, municipality, founder)
"""

# A place is counted until its departure or the withdrawal of consent, whichever comes first. The days that no class
# covers (before 1 September of its academic year) are a row without group. A day on which the organization went over
# to another municipality or founder parts a row in two.
ENROLLMENTS_WANTED = f"""
with belonging as ({_BELONGING}), place as (
  select e.*, s.birth_date, s.sex, s.citizenship, s.health_limits, s.disability, l.person_id,
         o.number as order_number, o.issued_on as order_date,
         daterange(e.enrolled_on, least(e.left_on, s.consent_withdrawn_on)) as days
  from orders_enrollment e
  join people_student s on s.id = e.student_id and not s.is_annulled
  join orders_order o on o.id = e.order_id
  left join contingent_personlink l on l.organization_id = %(organization)s and l.student_id = s.id
  where not e.is_annulled and (s.consent_withdrawn_on is null or s.consent_withdrawn_on > e.enrolled_on)
    and (%(keys)s::uuid[] is null or e.id = any(%(keys)s::uuid[]))
), held as (
  select place.id, place.days * daterange(p.placed_from, p.placed_to) as days, p.shift, p.group_id
  from place join orders_placement p on p.enrollment_id = place.id
  union all
  select place.id, gap, null, null
  from place, unnest(datemultirange(place.days) - coalesce(
    (select range_agg(daterange(p.placed_from, p.placed_to)) from orders_placement p where p.enrollment_id = place.id),
    '{{}}'::datemultirange)) as gap
), span as (
  select held.id, held.days * b.days as days, held.shift, held.group_id, b.municipality, b.founder
  from held join belonging b on b.days && held.days
)
select %(organization)s::uuid, place.id, lower(span.days), upper(span.days), place.person_id, place.student_id,
  %(organization_type)s::varchar, span.municipality, %(region)s::varchar, span.founder,
  %(urban_rural)s::varchar, place.birth_date, place.sex, place.citizenship, place.health_limits, place.disability,
  place.program_kind, place.level, place.is_basic, place.form_of_study, place.form_of_education, place.enrolled_on,
  place.left_on, place.departure_reason, place.order_number, place.order_date, span.shift, g.id,
  coalesce(g.name, ''), g.academic_year, g.grade, coalesce(g.program, ''), coalesce(g.direction, ''),
  coalesce(g.class_type, ''), coalesce(g.age_band, ''), coalesce(g.stay_regime, ''), coalesce(g.financing, ''),
  coalesce(g.class_set, '')
from span join place on place.id = span.id left join groups_group g on g.id = span.group_id
where not isempty(span.days)
"""
ENROLLMENTS_HELD = f"""
select {ENROLLMENT_COLUMNS} from contingent_registryenrollment
where organization_id = %(organization)s and (%(keys)s::uuid[] is null or enrollment_id = any(%(keys)s::uuid[]))
"""

MOVEMENT_COLUMNS = (
    "organization_id, row_id, enrollment_id, person_id, municipality_oktmo, region_code, founder_id, movement_type, "
    "flow, effective_on, order_number, order_date"
)
MOVEMENTS_WANTED = f"""
with belonging as ({_BELONGING})
select %(organization)s::uuid, r.id, r.enrollment_id, l.person_id, b.municipality, %(region)s::varchar, b.founder,
  r.movement_type, case o.kind when 'enrollment' then 'in' else 'out' end::varchar, r.effective_on, o.number,
  o.issued_on
from orders_orderrow r
join belonging b on b.days @> r.effective_on
join orders_order o on o.id = r.order_id and o.status = 'signed'
join orders_enrollment e on e.id = r.enrollment_id and not e.is_annulled
join people_student s on s.id = r.student_id and not s.is_annulled
left join contingent_personlink l on l.organization_id = %(organization)s and l.student_id = s.id
where not r.is_annulled and (s.consent_withdrawn_on is null or s.consent_withdrawn_on > r.effective_on)
  and (%(keys)s::uuid[] is null or e.id = any(%(keys)s::uuid[]))
"""
MOVEMENTS_HELD = f"""
select {MOVEMENT_COLUMNS} from contingent_registrymovement
where organization_id = %(organization)s and (%(keys)s::uuid[] is null or enrollment_id = any(%(keys)s::uuid[]))
"""

CLAIM = """
delete from contingent_outbox where id in (
  select id from contingent_outbox where organization_id = %(organization)s order by id limit 2000
  for update skip locked)
returning kind, key
"""
