import pickle

from shared.kernel.rules import RuleViolation


class GroupFull(RuleViolation):
    code = "group_full"
    text = "В классе {group} нет свободных мест ({places}). Выберите другой класс."
    field = "group"


def test_a_refusal_is_one_sentence_with_its_facts():
    refusal = GroupFull(group="1А", places=25)
    assert str(refusal) == "В классе 1А нет свободных мест (25). Выберите другой класс."
    assert refusal.facts == {"group": "1А", "places": 25}
    assert (refusal.code, refusal.field) == ("group_full", "group")


def test_a_refusal_survives_the_way_between_processes():
    assert str(pickle.loads(pickle.dumps(GroupFull(group="1А", places=25)))) == str(GroupFull(group="1А", places=25))


def test_a_fact_with_braces_is_shown_as_it_is():
    assert "{x}" in str(GroupFull(group="{x}", places=1))
