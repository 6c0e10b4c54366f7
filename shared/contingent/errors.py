"""Refusals of counting."""

from shared.kernel.rules import RuleViolation


class DimensionUnknown(RuleViolation):
    code = "dimension_unknown"
    is_wrong_usage = True
    text = "Разреза «{dimension}» нет. Возможные разрезы: {known}."
    field = "by"


class ConditionMalformed(RuleViolation):
    code = "condition_malformed"
    is_wrong_usage = True
    text = "Условие «{condition}» не понято: нужно РАЗРЕЗ=ЗНАЧЕНИЕ, несколько значений через запятую."
    field = "where"


class GroupNeedsOrganization(RuleViolation):
    code = "group_needs_organization"
    is_wrong_usage = True
    text = "Разрез «group» имеет смысл внутри организации: добавьте organization в разрезы или условия."
    field = "by"


class ScopeUnknown(RuleViolation):
    code = "scope_unknown"
    is_wrong_usage = True
    text = (
        "Охват «{scope}» не понят: нужно region, region:КОД, municipality:ОКТМО, organization:АДРЕС или founder:КОД, "
        "и такой объект должен быть подключён."
    )
    field = "scope"
