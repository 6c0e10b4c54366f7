"""The shipped values as rows: written by ``asuso migrate`` in one statement, whatever was there before."""

from __future__ import annotations

import json
from typing import Final

from django.db import connections, transaction

from shared.classifiers.catalog import shipped_catalog
from shared.classifiers.models import Edition
from shared.kernel.ids import new_id

# A shipped value that this version no longer has is ended, not deleted: stored data still names it.
_WRITE: Final = """
with shipped as (
    select * from jsonb_to_recordset(%s::jsonb) as s(
        id uuid, classifier text, code text, label text, facts jsonb, position integer, valid_to date)
), written as (
    insert into classifiers_classifiervalue as v (id, classifier, code, label, other_names, facts, position, valid_to,
        origin, act, version, updated_by, updated_at)
    select id, classifier, code, label, '{}', facts, position, valid_to, 'shipped', '', 1, '', now() from shipped
    on conflict (classifier, code) where origin = 'shipped' do update set
        label = excluded.label, facts = excluded.facts, position = excluded.position,
        valid_to = case when v.authority_id is null then excluded.valid_to else v.valid_to end, updated_at = now()
    where (v.label, v.facts, v.position) is distinct from (excluded.label, excluded.facts, excluded.position)
        or (v.authority_id is null and v.valid_to is distinct from excluded.valid_to)
), dropped as (
    update classifiers_classifiervalue v set valid_to = current_date, version = v.version + 1, updated_at = now()
    where v.origin = 'shipped' and v.valid_to is null
        and not exists (select from shipped s where s.classifier = v.classifier and s.code = v.code)
    returning 1
)
update classifiers_edition set number = number + 1 where exists (select from dropped)
"""


def load_shipped(*, using: str = "owner") -> None:
    """Make the shipped rows those of this version's files; the region's ends of values stay. Safe to run again."""
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        Edition.objects.using(using).get_or_create(pk=1)
        cursor.execute(_WRITE, [json.dumps(_rows(), ensure_ascii=False)])


def _rows() -> list[dict[str, object]]:
    catalog = shipped_catalog()
    return [
        {
            "id": str(new_id()),
            "classifier": name,
            "code": item.code,
            "label": item.label,
            "facts": dict(item.facts),
            "position": item.position,
            "valid_to": item.valid_to.isoformat() if item.valid_to else None,
        }
        for name in catalog
        for item in catalog[name]
    ]
