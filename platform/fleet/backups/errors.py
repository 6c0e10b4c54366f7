"""Refusals of backups and restores."""

from shared.kernel.rules import RuleViolation


class BackupDamaged(RuleViolation):
    code = "backup_damaged"
    text = "Файл {name} не восстановлен: {reason}. Возьмите другую копию."


class BackupOfAnother(RuleViolation):
    code = "backup_of_another"
    is_wrong_usage = True
    text = (
        "Файл {name} — копия организации «{other}», а не «{slug}». Возьмите её собственную копию или восстановите "
        "эту рядом: --as НОВЫЙ-АДРЕС."
    )


class BackupTooNew(RuleViolation):
    code = "backup_version_unknown"
    text = (
        "Файл {name} сделан версией схемы {fingerprint}, а в этой установке её шаблона нет. "
        "Восстановите файл там, где он сделан, или обновите программу до его версии."
    )


class ConfirmationMissing(RuleViolation):
    code = "confirmation_missing"
    is_wrong_usage = True
    text = (
        "Восстановление заменит нынешние данные организации «{name}» состоянием на {taken_at}. "
        "Чтобы продолжить, повторите команду с --confirm {slug}."
    )


class AddressTaken(RuleViolation):
    code = "address_taken"
    is_wrong_usage = True
    text = "Адрес «{slug}» занят или зарезервирован. Укажите другой."


class AddressInvalid(RuleViolation):
    code = "address_invalid"
    is_wrong_usage = True
    text = "Адрес «{slug}» не подходит: нужны латинские строчные буквы, цифры и дефис, не длиннее 40 знаков."


class PlaceUnknown(RuleViolation):
    code = "place_unknown"
    text = "Файл {name} называет {what}, которых в этой установке нет. Обновите справочники: asuso migrate."


class OrganizationBusy(RuleViolation):
    code = "organization_busy"
    text = "Данные организации «{name}» заняты долгой работой. Приостановите её и повторите восстановление."


class NotACopy(RuleViolation):
    code = "not_a_copy"
    is_wrong_usage = True
    text = "«{slug}» — не копия. Так убирают только копии; организацию убирает asuso organizations archive {slug}."


class CopyHasNoHome(RuleViolation):
    code = "copy_has_no_home"
    is_wrong_usage = True
    text = "«{slug}» сделана из копии организации, которой в этой установке нет. Предложить её некому."


class VersionsDiffer(RuleViolation):
    code = "copy_of_another_version"
    text = "Копия и организация сейчас разных версий. Дождитесь конца обновления и сравните снова."
