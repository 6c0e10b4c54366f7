"""What is refused when values of classifiers are changed."""

from shared.kernel.rules import RuleViolation


class BookClosed(RuleViolation):
    code = "classifier_closed"
    text = (
        "Справочник «{title}» закрыт для новых значений: по его кодам программа считает и проверяет. "
        "Можно изменить название с даты, срок действия и другие названия."
    )


class BookNotLocal(RuleViolation):
    code = "classifier_not_local"
    text = "Справочник «{title}» ведёт регион. Чтобы добавить значение, обратитесь в министерство образования."


class ValueKnown(RuleViolation):
    code = "classifier_value_known"
    field = "label"
    text = "В справочнике «{title}» это название уже означает «{known}». Введите другое название."


class NameKnown(ValueKnown):
    field = "other_names"
    text = "Название «{name}» уже означает «{known}». Уберите его из списка."


class JustAdded(RuleViolation):
    code = "classifier_value_just_added"
    field = "label"
    text = "Такое значение только что добавил другой сотрудник. Откройте справочник и проверьте, что в нём есть."


class SampleWanted(RuleViolation):
    code = "classifier_sample_wanted"
    field = "like"
    text = "Не выбрано, как считать новое значение. Выберите значение, с которым оно считается одинаково."


class ChangedMeanwhile(RuleViolation):
    code = "classifier_changed_meanwhile"
    text = (
        "Пока вы заполняли форму, значение «{label}» изменил другой сотрудник: {who}, {when}. "
        "Проверьте, что записано сейчас, и при необходимости повторите."
    )


class NameReplaced(RuleViolation):
    code = "classifier_name_replaced"
    text = "У значения «{label}» уже есть более позднее название: «{later}» с {since}. Измените его."


class SameName(RuleViolation):
    code = "classifier_same_name"
    field = "label"
    text = "Значение уже называется «{label}». Введите новое название."


class NameTooEarly(RuleViolation):
    code = "classifier_name_too_early"
    field = "valid_from"
    text = "Нынешнее название действует с {since}. Новое может начаться с этого дня или позже."


class ValueEnded(RuleViolation):
    code = "classifier_value_ended"
    field = "valid_from"
    text = "Значение «{label}» не действует с {day}. Верните его в действие или выберите более ранний день."


class EndTooEarly(RuleViolation):
    code = "classifier_end_too_early"
    field = "last_day"
    text = "Название действует с {since}, поэтому последний день не может быть раньше {earliest}."


class LastValue(RuleViolation):
    code = "classifier_last_value"
    field = "last_day"
    text = "С {day} в справочнике «{title}» не останется ни одного действующего значения. Сначала добавьте другое."
