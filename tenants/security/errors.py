"""Refusals about measures of protection."""

from shared.kernel.rules import RuleViolation


class IncidentClosed(RuleViolation):
    code = "incident_closed"
    text = "Инцидент закрыт {day}. Если открылось новое, запишите новый инцидент."


class IncidentWithoutMeasures(RuleViolation):
    code = "incident_without_measures"
    text = "Принятые меры не записаны. Впишите их, затем закройте инцидент."
    field = "measures"


class IncidentNotReported(RuleViolation):
    code = "incident_not_reported"
    text = "Роскомнадзор ещё не получил уведомление и результаты расследования. Отметьте, когда они отправлены."
    field = "notified_at"


class NoticeBeforeIncident(RuleViolation):
    code = "notice_before_incident"
    text = "Уведомление не может быть отправлено раньше, чем обнаружен инцидент. Проверьте время."
    field = "notified_at"


class FindingsBeforeIncident(RuleViolation):
    code = "findings_before_incident"
    text = "Результаты не могут быть отправлены раньше, чем обнаружен инцидент. Проверьте время."
    field = "findings_sent_at"
