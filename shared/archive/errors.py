"""Why an archive is not made or not taken."""

from shared.kernel.rules import RuleViolation


class ArchiveUnderWay(RuleViolation):
    code = "archive_under_way"
    text = "Архив уже собирается. Дождитесь, пока он будет готов, затем закажите следующий."


class PackageAbsent(RuleViolation):
    code = "archive_absent"
    text = "Файла архива № {number} нет в хранилище. Закажите архив снова и сообщите оператору системы."


class CarrierKnown(RuleViolation):
    code = "archive_carrier_known"
    field = "carrier"
    text = "Копия этого архива на носителе № {carrier} уже отмечена. Проверьте номер носителя."


class NotYetCopied(RuleViolation):
    code = "archive_not_copied_yet"
    field = "copied_on"
    text = "Копию не могли сделать раньше архива ({made:%d.%m.%Y}) или позже сегодняшнего дня. Проверьте дату."
