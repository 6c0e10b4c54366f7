"""Side menus of the workspaces, named as in the regulation. An entry without the right is not shown."""

from dataclasses import dataclass

from shared.access.workspaces import WorkspaceKind


@dataclass(frozen=True)
class Entry:
    title: str
    view: str
    icon: str
    capability: str


MENUS: dict[WorkspaceKind, list[tuple[str, list[Entry]]]] = {
    WorkspaceKind.ORGANIZATION: [
        ("", [Entry("Главная", "home:index", "home", "home.view")]),
        (
            "Контингент",
            [
                Entry("Обучающиеся", "people:list", "users", "students.list"),
                Entry("Классы и группы", "groups:list", "users-group", "groups.read"),
                Entry("Приказы", "orders:list", "file-text", "orders.read"),
                Entry("Книга движения", "movement:book", "arrows-exchange", "movement.read"),
                Entry("Загрузка", "intake:list", "upload", "contingent.import"),
            ],
        ),
        ("Отчётность", [Entry("Федеральные формы", "statforms:forms", "table-options", "forms.compute")]),
    ],
    WorkspaceKind.OPERATOR: [
        ("", [Entry("Парк организаций", "fleet:organizations", "stack-2", "fleet.view")]),
        ("Жизненный цикл", [Entry("Подключение", "fleet:onboarding", "rocket", "organizations.onboard")]),
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
    ],
    WorkspaceKind.REGION: [
        ("", [Entry("Обзор", "region:home", "layout-dashboard", "registry.count")]),
        (
            "Контингент",
            [
                Entry("Реестр обучающихся", "registry:people", "users", "registry.persons"),
                Entry("Подсчёт по реестру", "registry:counts", "table", "registry.count"),
            ],
        ),
        ("Отчётность", [Entry("Федеральные формы", "statforms:forms", "table-options", "forms.compute")]),
    ],
}
