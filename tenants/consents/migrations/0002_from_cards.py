"""Consents that cards knew by their day alone become rows of the register; guardians share their child's paper.

Source: INTERFACES 5: one column of the file says the consent of the learner and of his first representative.
"""

from django.db import migrations

TERMS = """
insert into consents_consentterms (id, kind, operator, purposes, data, actions, digest, made_at)
select gen_random_uuid(), k.kind, o.full_name, 'по бумажной форме', 'по бумажной форме', 'по бумажной форме',
  md5(k.kind || o.full_name), now()
from organizations_organization o, (values ('student'), ('guardian')) as k(kind)
where o.schema_name = current_schema() and exists (select 1 from people_student)
"""
LEARNERS = """
insert into consents_consent (id, subject_kind, student_id, signer, kind, terms_id, signed_on, number, is_current,
  withdrawn_on, withdrawal_reason, withdrawn_by, recorded_by, recorded_at)
select gen_random_uuid(), 'learner', s.id, '', 'student', t.id, s.consent_on, '', true, s.consent_withdrawn_on, '', '',
  'перенос из карточек', now()
from people_student s join consents_consentterms t on t.kind = 'student'
where not s.is_annulled
"""
GUARDIANS = """
update people_guardian g set consent_on = found.consent_on
from (select l.guardian_id, min(s.consent_on) as consent_on
      from people_guardianlink l join people_student s on s.id = l.student_id
      where not s.is_annulled and s.consent_withdrawn_on is null group by l.guardian_id) found
where found.guardian_id = g.id
"""
GUARDIAN_CONSENTS = """
insert into consents_consent (id, subject_kind, guardian_id, signer, kind, terms_id, signed_on, number, is_current,
  withdrawal_reason, withdrawn_by, recorded_by, recorded_at)
select gen_random_uuid(), 'guardian', g.id, '', 'guardian', t.id, g.consent_on, '', true, '', '',
  'перенос из карточек', now()
from people_guardian g join consents_consentterms t on t.kind = 'guardian'
where g.consent_on is not null
"""
# Later steps of the same upgrade may change these tables, which they could not with checks still waiting.
CHECK_NOW = ["set constraints all immediate", "set constraints all deferred"]


class Migration(migrations.Migration):
    dependencies = [("consents", "0001_initial")]
    operations = [
        migrations.RunSQL([TERMS, LEARNERS, GUARDIANS, GUARDIAN_CONSENTS, *CHECK_NOW], migrations.RunSQL.noop)
    ]
