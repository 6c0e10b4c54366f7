"""Side menus of the workspaces, named as in the regulation. An entry without the right is not shown."""

from dataclasses import dataclass

from shared.access.workspaces import WorkspaceKind


@dataclass(frozen=True)
class Entry:
    title: str
    view: str
    icon: str
    capability: str
    own_title: str = ""  # where the right reaches one's own record alone


LOGS = [
    Entry("Качество данных", "quality_watch:table", "list-check", "quality.watch"),
    Entry("Журнал действий", "logbook:log", "history", "audit.read"),
    Entry("Посещения", "visits:page", "chart-bar", "visits.read"),
    Entry("Защита ПДн", "security_watch:table", "shield-lock", "security.watch"),
]
MENUS: dict[WorkspaceKind, list[tuple[str, list[Entry]]]] = {
    WorkspaceKind.ORGANIZATION: [
        ("", [Entry("Главная", "home:index", "home", "home.view")]),
        (
            "Контингент",
            [
                Entry("Обучающиеся", "people:list", "users", "students.list"),
                Entry("Родители", "parents:list", "heart-handshake", "guardians.read"),
                Entry("Достижения", "achievements:list", "trophy", "achievements.read"),
                Entry("Классы и группы", "groups:list", "users-group", "groups.read"),
                Entry("Приказы", "orders:list", "file-text", "orders.read"),
                Entry("Книга движения", "movement:book", "arrows-exchange", "movement.read"),
                Entry("Загрузка", "intake:list", "upload", "contingent.import"),
                Entry("Согласия", "consents:register", "shield-check", "consent.read"),
                Entry("Справки", "papers:register", "certificate", "papers.read"),
                Entry("Журнал печати", "papers:log", "printer", "papers.read"),
            ],
        ),
        (
            "Кадры",
            [Entry("Работники", "staff:list", "id-badge-2", "staff.read", own_title="Моя карточка")],
        ),
        ("Отчётность", [Entry("Федеральные формы", "statforms:forms", "table-options", "forms.compute")]),
        (
            "Организация",
            [
                Entry("Карточка организации", "organization:card", "building", "organization.read"),
                Entry("Пользователи", "users:list", "user-check", "rights.read"),
                Entry("Логины и пароли", "credentials:people", "key", "credentials.read"),
                Entry("Права доступа", "rights:table", "shield-check", "rights.read"),
                Entry("Обязанности и сроки", "duties:list", "list-check", "duties.read"),
                Entry("Справочники", "classifiers:list", "books", "classifiers.read"),
                Entry("Доступ поддержки", "support:list", "headset", "support.read"),
                Entry("Вторая подпись", "approvals:list", "copy-check", "approvals.read"),
                Entry("Восстановление записей", "recovery:copies", "arrow-back-up", "recovery.read"),
            ],
        ),
        (
            "Контроль",
            [
                Entry("Качество данных", "quality:home", "list-check", "quality.read"),
                Entry("Архив", "archive:list", "archive", "archive.create"),
                Entry("Журнал действий", "history:log", "history", "audit.read"),
                Entry("Посещения", "visits:page", "chart-bar", "visits.read"),
                Entry("Защита ПДн", "security:home", "shield-lock", "security.read"),
            ],
        ),
    ],
    WorkspaceKind.OPERATOR: [
        ("", [Entry("Парк организаций", "fleet:organizations", "stack-2", "fleet.view")]),
        (
            "Жизненный цикл",
            [
                Entry("Подключение", "fleet:onboarding", "rocket", "organizations.onboard"),
                Entry("Соглашения", "agreements:list", "heart-handshake", "agreements.read"),
                Entry("Обновления", "fleet:upgrades", "refresh", "fleet.view"),
                Entry("Технологические перерывы", "fleet:breaks", "clock", "fleet.view"),
            ],
        ),
        (
            "Поддержка",
            [
                Entry("Обращения", "fleet:support", "headset", "support.work"),
                Entry("Вторая подпись", "approvals:list", "copy-check", "approvals.read"),
            ],
        ),
        (
            "Доступ",
            [
                Entry("Пользователи", "users:list", "user-check", "rights.read"),
                Entry("Логины и пароли", "credentials:people", "key", "credentials.read"),
            ],
        ),
        ("Контроль", [Entry("Журнал действий", "logbook:log", "history", "audit.read")]),
    ],
    WorkspaceKind.MUNICIPALITY: [
        ("", [Entry("Обзор", "municipality:home", "layout-dashboard", "organizations.read")]),
        (
            "Контингент",
            [
                Entry("Реестр обучающихся", "registry:people", "users", "registry.persons"),
                Entry("Подсчёт по реестру", "registry:counts", "table", "registry.count"),
            ],
        ),
        ("Отчётность", [Entry("Федеральные формы", "statforms:forms", "table-options", "forms.compute")]),
        ("Настройка", [Entry("Справочники", "classifiers:list", "books", "classifiers.read")]),
        (
            "Доступ",
            [
                Entry("Пользователи", "users:list", "user-check", "rights.read"),
                Entry("Логины и пароли", "credentials:people", "key", "credentials.read"),
                Entry("Вторая подпись", "approvals:list", "copy-check", "approvals.read"),
            ],
        ),
        ("Контроль", LOGS),
    ],
    WorkspaceKind.REGION: [
        (
            "",
            [
                Entry("Обзор", "region:home", "layout-dashboard", "home.view"),
                Entry("Организации", "region:organizations", "building", "organizations.read"),
                Entry("Соглашения", "agreements:list", "heart-handshake", "agreements.read"),
            ],
        ),
        (
            "Контингент",
            [
                Entry("Реестр обучающихся", "registry:people", "users", "registry.persons"),
                Entry("Подсчёт по реестру", "registry:counts", "table", "registry.count"),
            ],
        ),
        ("Отчётность", [Entry("Федеральные формы", "statforms:forms", "table-options", "forms.compute")]),
        ("Настройка", [Entry("Справочники", "classifiers:list", "books", "classifiers.read")]),
        (
            "Доступ",
            [
                Entry("Пользователи", "users:list", "user-check", "rights.read"),
                Entry("Логины и пароли", "credentials:people", "key", "credentials.read"),
                Entry("Пределы прав", "ceilings:list", "shield-lock", "rights.read"),
                Entry("Вторая подпись", "approvals:list", "copy-check", "approvals.read"),
            ],
        ),
        ("Контроль", LOGS),
    ],
    WorkspaceKind.TRAINING: [
        (
            "",
            [
                Entry("Главная", "home", "home", "home.view"),
                Entry("Мои данные", "training:profile", "id", "home.view"),
            ],
        ),
        (
            "Регистрация",
            [
                Entry("Запрос группы", "training:ask_group", "users-group", "home.view"),
                Entry("Работники организации", "training:workers", "user-plus", "workers.register"),
                Entry("Проверка запросов", "training:queue", "list-check", "registrations.read"),
            ],
        ),
    ],
}
