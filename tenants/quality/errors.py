"""Refusals of this room."""

from shared.kernel.rules import RuleViolation


class CardContradicts(RuleViolation):
    code = "card_contradicts"
    text = "В карточке есть противоречия ({count}), подтвердить её нельзя. Исправьте то, что перечислено ниже."


class CardSealed(RuleViolation):
    code = "card_sealed"
    text = "Карточка закрыта: нет согласия на обработку персональных данных. Внесите согласие, затем подтвердите."
