"""Refusals of cards of learners."""

from shared.kernel.rules import AlreadyThere, RuleViolation


class StudentKnown(AlreadyThere):
    code = "student_known"
    text = "Ученик с таким СНИЛС уже есть: {student}. Найдите его поиском и работайте с его карточкой."
    field = "snils"


class SameNameKnown(AlreadyThere):
    code = "same_name_known"
    text = (
        "{student}, {birth_date} г. р., уже есть в организации. Выберите его из списка поиска "
        "или отметьте, что это другой ребёнок."
    )
    field = "is_namesake"


class ConsentMissing(RuleViolation):
    code = "consent_missing"
    text = "Без письменного согласия на обработку персональных данных карточку заводить нельзя. Укажите дату согласия."
    field = "consent_on"


class StudentBlocked(RuleViolation):
    code = "student_blocked"
    text = (
        "Сведения этого ребёнка заблокированы: согласие отозвано. Новое согласие записывает ответственный "
        "за персональные данные в разделе «Согласия», после этого карточка откроется."
    )


class SpecialMoved(RuleViolation):
    """Two people have changed the same special facts; ``facts["moved"]`` are their columns and keys of links."""

    code = "special_moved"
    text = "Пока форма была открыта, эти сведения изменил кто-то ещё. Сравните значения и сохраните снова."


class SpecialFormStale(RuleViolation):
    code = "special_form_stale"
    text = "Форма устарела. Откройте особые сведения ещё раз и внесите изменения в новую форму."


class DeviantPeriodBroken(RuleViolation):
    code = "deviant_period_broken"
    text = "Снятие с учёта раньше постановки. Проверьте обе даты."


class RestrictionUndocumented(RuleViolation):
    code = "restriction_undocumented"
    text = "Ограничение прав записывают по документу. Впишите решение суда: номер, дату, кем вынесено."


class PersonalFileTaken(RuleViolation):
    code = "personal_file_taken"
    text = "Личное дело № {number} уже ведётся: {student}. Впишите другой номер, свободен № {free}."
    field = "personal_file_no"


class GuardianKnown(AlreadyThere):
    code = "guardian_known"
    text = (
        "Представитель с тем же именем и мобильным телефоном уже есть. Найдите его в списке родителей и свяжите "
        "с ребёнком: у одного человека одна карточка."
    )
    field = "phone"


class GuardianSnilsKnown(AlreadyThere):
    code = "guardian_snils_known"
    text = "Представитель с таким СНИЛС уже есть. Найдите его в списке родителей: у одного человека одна карточка."
    field = "snils"


class GuardianSealed(RuleViolation):
    code = "guardian_sealed"
    text = (
        "Согласия представителя ({guardian}) нет, поэтому записывают только его имя и родство. "
        "Запишите согласие — и карточка откроется."
    )


class GuardianLinked(AlreadyThere):
    code = "guardian_linked"
    text = "{guardian} уже указан представителем этого ребёнка. Измените степень родства в списке."


class RestrictionStands(RuleViolation):
    code = "restriction_stands"
    text = (
        "Права этого представителя ограничены документом, поэтому связь с ребёнком остаётся. Если ограничение снято, "
        "сначала уберите его в особых сведениях."
    )


class PapersStand(RuleViolation):
    code = "papers_stand"
    text = (
        "Записаны документы ({papers}), поэтому «нет» поставить нельзя. Уберите документы или оставьте «да»: "
        "сведения должны совпадать."
    )


class PaperPeriodBroken(RuleViolation):
    code = "paper_period_broken"
    text = "Срок действия документа кончается раньше, чем он выдан. Проверьте обе даты."


class NothingToReplace(RuleViolation):
    code = "nothing_to_replace"
    text = "В карточке ещё нет прежних сведений. Впишите их в разделе карточки — заменять нечего."


class ReplacedTooEarly(RuleViolation):
    code = "replaced_too_early"
    text = "Документ заменён раньше, чем выдан. Проверьте день замены."
    field = "replaced_on"
