"""Refusals of the operator plane."""

from shared.kernel.rules import RuleViolation


class OrganizationUnknown(RuleViolation):
    code = "organization_unknown"
    is_wrong_usage = True
    text = "Организации с адресом «{slug}» нет среди подключённых. Список показывает asuso organizations list."


class OrganizationArchived(RuleViolation):
    code = "organization_archived"
    text = "Организация «{name}» в архиве, её состояние не меняется."


class ArchiveAsked(RuleViolation):
    code = "archive_asked"
    text = (
        "Архив организации «{name}» уже запрошен: запрос № {number}. Его подтверждает другой человек: "
        "в консоли оператора или командой asuso organizations archive {slug} --approve {number}."
    )


class ArchiveStale(RuleViolation):
    code = "archive_stale"
    text = "Организация «{name}» не удалена: {reason}. Сделайте новый архив."


class RunNotReady(RuleViolation):
    code = "run_not_ready"
    text = "Файл «{file}» уже отправлен на подключение. Откройте его ход в списке загрузок."


class NothingToConnect(RuleViolation):
    code = "nothing_to_connect"
    text = "В файле «{file}» нет новых организаций без ошибок. Исправьте строки и загрузите файл снова."


class NothingToCompare(RuleViolation):
    code = "nothing_to_compare"
    text = (
        "Сравнить «{slug}» не с чем: ни шаблон, ни другая организация не стоят на её версии. Выполните asuso migrate."
    )
