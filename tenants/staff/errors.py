"""Refusals of cards of employees."""

from shared.kernel.rules import AlreadyThere, RuleViolation


class SnilsKnown(AlreadyThere):
    code = "staff_snils_known"
    text = "Работник с таким СНИЛС уже есть: {member}. Откройте его карточку: уволенного принимают снова в ней же."
    field = "snils"


class SameNameKnown(AlreadyThere):
    code = "staff_same_name_known"
    text = (
        "{member}, {birth_date} г. р., уже есть среди работников. Откройте его карточку "
        "или отметьте, что это другой человек."
    )
    field = "is_namesake"


class ConsentMissing(RuleViolation):
    code = "staff_consent_missing"
    text = "Без письменного согласия на обработку персональных данных карточку заводить нельзя. Укажите дату согласия."
    field = "consent_on"


class CategoriesMixed(RuleViolation):
    code = "categories_mixed"
    text = (
        "Основная квалификационная категория одна: {categories}. "
        "Оставьте одну и добавьте к ней, если есть, звание методиста или наставника."
    )
    field = "qualification_categories"


class CategoryWantsHighest(RuleViolation):
    code = "category_wants_highest"
    text = "«{category}» присваивают к высшей категории. Отметьте и её или снимите отметку."
    field = "qualification_categories"


class BornAfterHire(RuleViolation):
    code = "born_after_hire"
    text = "Дата приёма не позже даты рождения. Проверьте обе даты."
    field = "hire_date"


class DocumentBeforeBirth(RuleViolation):
    code = "staff_document_before_birth"
    text = "Документ выдан раньше дня рождения. Проверьте дату выдачи."
    field = "doc_issued_on"


class SameDocument(RuleViolation):
    code = "same_document"
    text = "В карточке уже стоит документ с этими серией и номером. Ошибку в нём исправляют в разделе «Паспорт»."
    field = "doc_number"


class DismissedBeforeHire(RuleViolation):
    code = "dismissed_before_hire"
    text = "Увольнение раньше приёма {hire_date}. Проверьте дату."
    field = "dismissed_on"


class AlreadyDismissed(RuleViolation):
    code = "already_dismissed"
    text = "{member}: увольнение с {day} уже записано. Обновите страницу."


class SuccessorWanted(RuleViolation):
    code = "successor_wanted"
    text = "Уволить пока нельзя: на этом месте человек нужен без перерыва. {charges}"


class NotDismissed(RuleViolation):
    code = "not_dismissed"
    text = "{member} не уволен, восстанавливать нечего. Обновите страницу."


class HiredBeforeDismissal(RuleViolation):
    code = "hired_before_dismissal"
    text = "Новый приём — после увольнения {day}. Проверьте дату приёма."
    field = "hire_date"


class CertificationUnfinished(RuleViolation):
    code = "certification_unfinished"
    text = "Нет ни даты начала процедуры, ни даты аттестации. Впишите хотя бы одну."
    field = "started_on"


class RowDaysBroken(RuleViolation):
    code = "staff_row_days_broken"
    text = "Даты идут не по порядку: окончание раньше начала. Исправьте одну из дат."


class NobodyToGiveAccess(RuleViolation):
    code = "nobody_to_give_access"
    text = "Никто не выбран. Отметьте работников, которым нужен доступ."


class AccessGivenMeanwhile(RuleViolation):
    code = "staff_access_given_meanwhile"
    text = "Этим людям сейчас выдаёт доступ кто-то ещё. Обновите страницу и проверьте журнал выдачи."
