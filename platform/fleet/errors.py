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


class AddressMalformed(RuleViolation):
    code = "address_malformed"
    field = "slug"
    is_wrong_usage = True
    text = (
        "Адрес «{slug}» не подходит: нужны латинские строчные буквы, цифры и дефис внутри, не длиннее 40 знаков. "
        "Исправьте его."
    )


class AddressReserved(RuleViolation):
    code = "address_reserved"
    field = "slug"
    is_wrong_usage = True
    text = "Адрес «{slug}» зарезервирован за системой. Укажите другой."


class AddressHeld(RuleViolation):
    code = "address_held"
    field = "slug"
    is_wrong_usage = True
    text = "Адрес «{slug}» занят: он есть или прежде был у другой организации. Укажите другой."


class AddressSame(RuleViolation):
    code = "address_same"
    field = "slug"
    text = "Организация «{name}» уже работает по адресу «{slug}». Укажите другой."


class FormerAddressUnknown(RuleViolation):
    code = "former_address_unknown"
    is_wrong_usage = True
    text = "Прежнего адреса «{host}» у организации «{name}» нет. Обновите страницу."


class CopyStays(RuleViolation):
    code = "copy_stays"
    text = "«{name}» — копия для сверки: её адрес и подчинение не меняются."


class MunicipalityUnknown(RuleViolation):
    code = "municipality_unknown"
    field = "municipality"
    is_wrong_usage = True
    text = "Муниципалитета с ОКТМО «{oktmo}» нет в справочнике. Проверьте код."


class RegionStays(RuleViolation):
    code = "region_stays"
    field = "municipality"
    text = "Муниципалитет «{municipality}» — в другом регионе. Организация «{name}» переходит только внутри своего."


class FounderUnknown(RuleViolation):
    code = "founder_unknown"
    field = "founder"
    is_wrong_usage = True
    text = "Учредителя с кодом «{code}» в регионе организации нет. Проверьте код."


class NothingChanges(RuleViolation):
    code = "nothing_changes"
    text = "У организации «{name}» уже такие муниципалитет и учредитель. Укажите другие."


class ChangeTooEarly(RuleViolation):
    code = "change_too_early"
    field = "valid_from"
    text = (
        "Прошлая смена муниципалитета или учредителя действует с {last:%d.%m.%Y}. "
        "Укажите эту дату, чтобы её исправить, или более позднюю."
    )


class ChangePlanned(RuleViolation):
    code = "change_planned"
    field = "valid_from"
    text = "Смена уже запланирована с {planned:%d.%m.%Y}. Сначала отмените её."


class NoPlan(RuleViolation):
    code = "no_plan"
    text = "У организации «{name}» нет запланированной смены: она выполнена или отменена. Обновите страницу."


class AgreementExists(RuleViolation):
    code = "agreement_exists"
    field = "number"
    text = "Соглашение № {number} от {signed_on:%d.%m.%Y} с этим муниципалитетом уже записано. Исправьте его в списке."


class MinistryMissing(RuleViolation):
    code = "ministry_missing"
    field = "municipality"
    text = "В регионе муниципалитета «{municipality}» нет министерства образования: соглашение заключать некому."
