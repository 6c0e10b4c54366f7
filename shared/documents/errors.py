"""Why an uploaded file is not taken."""

from shared.kernel.rules import RuleViolation


class UploadRefused(RuleViolation):
    """The file as a whole is refused before anything reads it."""

    code = "upload_refused"
    text = "Файл «{name}» не принят. Проверьте его и загрузите снова."


class UploadEmpty(UploadRefused):
    code = "upload_empty"
    text = "Файл «{name}» пуст. Выберите другой файл и загрузите его."


class UploadTooLarge(UploadRefused):
    code = "upload_too_large"
    text = "Файл «{name}» больше {limit} МБ. {advice}"


class WrongKind(UploadRefused):
    code = "upload_wrong_kind"
    text = (
        "Файл «{name}» не принят: по содержимому это не {kinds}. Сохраните его в одном из этих видов и загрузите снова."
    )


class UploadDamaged(UploadRefused):
    code = "upload_damaged"
    text = "Файл «{name}» повреждён или загружен не до конца. Сохраните его заново и загрузите снова."


class ActiveContent(UploadRefused):
    code = "upload_active_content"
    text = (
        "Файл «{name}» содержит сценарий или вложенный файл. "
        "Отсканируйте документ заново или сохраните его как картинку."
    )


class ArchiveRefused(UploadRefused):
    code = "upload_archive"
    text = "Файл «{name}» распаковывается в слишком большой объём. Сохраните таблицу как CSV (UTF-8) и загрузите снова."


class Infected(UploadRefused):
    code = "upload_infected"
    text = "Антивирус нашёл в файле «{name}» вредоносное содержимое. Файл не сохранён: проверьте свой компьютер."


class ScannerAway(UploadRefused):
    code = "upload_scanner_away"
    text = (
        "Файл «{name}» не проверен: антивирус не ответил. Файл не сохранён, повторите загрузку через несколько минут."
    )
