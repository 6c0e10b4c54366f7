"""Refusals of classes and groups."""

from shared.kernel.rules import RuleViolation


class GroupKnown(RuleViolation):
    code = "group_known"
    text = "«{name}» в {year}/{next_year} учебном году уже есть. Откройте эту запись или смените название."
    field = "name"


class NotAClassName(RuleViolation):
    code = "not_a_class_name"
    text = "«{name}» не похоже на класс. Начните с параллели от 1 до 12, например «5А» или «11 гум.»."
    field = "name"


class GradeHasPupils(RuleViolation):
    code = "grade_has_pupils"
    text = "В «{name}» уже числятся дети, поэтому вид и учебный год менять нельзя. Создайте новый класс (группу)."
    field = "kind"
