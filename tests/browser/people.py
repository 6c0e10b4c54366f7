"""The people of the browser tests, made by the product's service in one process: ten commands would take a minute."""

PASSWORD = "пароль-для-проверки-1"
PEOPLE = {
    "anna": {"role": "director", "slug": "school-1"},
    "deputy": {"role": "deputy_uvr", "slug": "school-1"},
    "coordinator": {"role": "coordinator", "slug": "school-1"},
    "org_admin": {"role": "org_admin", "slug": "school-1"},
    "secretary": {"role": "secretary", "slug": "school-1"},
    "teacher": {"role": "teacher", "slug": "school-1"},
    "vera": {"role": "director", "slug": "school-2"},
    "boris": {"role": "mun_specialist", "code": "office-03608000"},
    "galina": {"role": "mun_head", "code": "office-03608000"},
    "marina": {"role": "region_registry_operator", "also": "ministry_specialist", "code": "ministry-03"},
    "zoya": {"role": "ministry_specialist", "code": "ministry-03"},
    "oleg": {"role": "operator"},
}


def create_people() -> None:
    """Everybody of ``PEOPLE`` with a permanent password."""
    import django

    django.setup()

    from config.cli.context import database
    from fleet import staff
    from shared.access.roles import SECOND_FACTOR_ROLES
    from shared.accounts.factors import save_app
    from shared.accounts.models import Account
    from shared.tenancy import scopes
    from tests.factor import SECRET

    with database(), scopes.enter(scopes.of_accounts().by("tests")):
        for login, facts in PEOPLE.items():
            place = staff.find_place(role=facts["role"], slug=facts.get("slug"), code=facts.get("code"))
            names = {"last_name": login.capitalize(), "first_name": "Тест", "patronymic": ""}
            staff.create_person(login=login, place=place, password=PASSWORD, **names)
            if "also" in facts:
                also = staff.find_place(role=facts["also"], slug=facts.get("slug"), code=facts.get("code"))
                staff.add_role(login=login, place=also)
            if place.role in SECOND_FACTOR_ROLES:
                save_app(account=Account.objects.get(login=login), secret=SECRET)


if __name__ == "__main__":
    create_people()
