"""The constant words of the log and how they read."""

from __future__ import annotations

from typing import Final

# Written by triggers only; a note that says one of these is refused by the database.
CREATED, CHANGED, DELETED = "created", "changed", "deleted"
ROW_ACTIONS: Final = (CREATED, CHANGED, DELETED)
SIGNED_IN, SIGNED_OUT, SIGN_IN_FAILED = "signed_in", "signed_out", "sign_in_failed"
FACTOR_PASSED = "second_factor_passed"

LABELS: Final[dict[str, str]] = {
    CREATED: "Создание записи",
    CHANGED: "Изменение",
    DELETED: "Удаление записи",
    "revealed": "Просмотр скрытого",
    "list_viewed": "Просмотр списка",
    "viewed": "Просмотр",
    "exported": "Выгрузка",
    "printed": "Печать",
    "support_entered": "Вход службы поддержки",
    SIGNED_IN: "Вход",
    SIGNED_OUT: "Выход",
    SIGN_IN_FAILED: "Неудачный вход",
    FACTOR_PASSED: "Второй фактор пройден",
    "appointed": "Назначение",
    "appointment_ended": "Прекращение назначения",
    "rights_changed": "Изменение прав",
    "ceiling_set": "Предел прав установлен",
    "ceiling_lifted": "Предел прав снят",
    "acknowledged": "Ознакомление",
    "restored": "Данные возвращены из резервной копии",
    "copied": "Сделана копия из резервной копии",
    "copy_offered": "Копия предложена для сравнения",
    "taken_back": "Возврат записей из копии",
    "taking_undone": "Отмена возврата записей из копии",
    "organization_suspended": "Организация приостановлена",
    "organization_resumed": "Работа организации возобновлена",
    "organization_renamed": "Новый адрес организации",
    "former_address_dropped": "Прежний адрес организации освобождён",
    "organization_moved": "Смена муниципалитета или учредителя",
    "move_planned": "Смена муниципалитета или учредителя запланирована",
    "move_undone": "Запланированная смена отменена",
    "agreement_recorded": "Соглашение записано",
    "agreement_corrected": "Соглашение исправлено",
    "archive.ordered": "Архив заказан",
    "archive.made": "Архив собран",
    "archive.taken": "Архив скачан",
    "archive.copied": "Копия архива на носителе",
    "refused": "Отказ",
    "files.opened": "Открытие файла",
    "registry.asked": "Вопрос реестру региона: известен ли человек",
    "claim_confirmed": "Запрос в системе «Кадры» подтверждён",
    "claim_refused": "Запрос в системе «Кадры» отклонён",
    "password_changed": "Смена пароля",
    "second_factor_connected": "Второй фактор подключён",
    "second_factor_removed": "Второй фактор отключён",
    "second_factor_reset": "Второй фактор сброшен администратором",
    "recovery_codes_issued": "Новые резервные коды",
    "sessions_ended": "Сеансы завершены",
    "credentials_issued": "Выдача одноразовых паролей",
    "credentials_handed": "Пароль вручён",
    "identity_linked": "Внешняя учётная запись связана",
    "identity_unlinked": "Внешняя учётная запись отвязана",
}


def action_label(action: str) -> str:
    """How an action reads; a word that has no label yet is shown as it is."""
    return LABELS.get(action, action)
