-- A million places of invented people, spread over 44 municipalities and 3,000 organizations, straight into the registry.
with made as (
  insert into contingent_person (id, last_name, first_name, patronymic, birth_date, sex, citizenship)
  select gen_random_uuid(),
         (array['Иванов', 'Петрова', 'Сидоров', 'Ёлкина', 'Хворостьянов'])[1 + n % 5] || '-' || n % 997,
         'Саша', 'Андреевич', date '2009-01-01' + n % 4000, (array['M', 'F'])[1 + n % 2], 'RUS'
  from generate_series(1, 1000000) n
  returning id, birth_date, sex
), person as (
  select *, row_number() over () as n from made
), municipality as (
  select oktmo, row_number() over (order by oktmo) - 1 as n from organizations_municipality where region_id = '03'
)
insert into contingent_registryenrollment (
  organization_id, enrollment_id, days_from, person_id, student_id, organization_type, municipality_oktmo, region_code,
  urban_rural, birth_date, sex, citizenship, health_limits, disability, program_kind, level, is_basic, form_of_study,
  form_of_education, enrolled_on, departure_reason, order_number, order_date, group_name, academic_year, grade,
  program, direction, class_type, age_band, stay_regime, financing, class_set)
select md5('o' || p.n % 3000)::uuid, gen_random_uuid(), '2026-09-01', p.id, p.id, 'school', m.oktmo, '03',
  'urban', p.birth_date, p.sex, 'RUS', false, false, 'general', 'school', true, 'full_time',
  'in_organization', '2026-09-01', '', '1', '2026-09-01', '', 2026, 1 + p.n % 11,
  '', '', 'ordinary', '', '', '', ''
from person p join municipality m on m.n = (p.n % 3000) % 44
