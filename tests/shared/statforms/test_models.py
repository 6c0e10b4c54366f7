"""The stored edition, as far as it can be seen without a database."""

from shared.statforms.models import FormEdition
from shared.statforms.parsing import layout_files, load_yaml
from shared.statforms.services import checksum_of


def test_a_form_has_one_row_an_edition() -> None:
    (constraint,) = FormEdition._meta.constraints
    assert constraint.name == "formedition_one_per_code_and_edition"
    assert str(FormEdition(code="ОО-1", edition="2024")) == "ОО-1, редакция 2024"


def test_the_checksum_follows_the_content_and_not_the_order_of_keys() -> None:
    raw = load_yaml(layout_files()[0])
    assert checksum_of(raw) == checksum_of(dict(reversed(raw.items())))
    assert checksum_of(raw) != checksum_of({**raw, "edition": "1999"})
