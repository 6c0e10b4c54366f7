"""A right to one's own child or card opens nobody else's: special facts, documents, the search by a number."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest
from django.utils import timezone

from shared.access.actors import Actor, Grant
from shared.access.rights import rights_of_role
from shared.access.services import give_role
from shared.accounts.models import Account
from shared.cards.layout import Layout
from shared.kernel.text import NBSP
from shared.tenancy import scopes
from tenants.cards.group_edit import fields_for
from tenants.cards.kinds import KINDS
from tenants.cards.same import likeness_of, pairs_of
from tenants.people.models import Guardian, GuardianLink, Student, StudentSpecial
from tenants.staff.models import StaffMember
from tests.support import SINCE, client_of
from tests.tenants import factories
from tests.tenants.appointing import employ
from tests.tenants.quality.filling import learner
from tests.tenants.staff import making

D = datetime.date
TODAY = timezone.localdate()
ENDED = TODAY - datetime.timedelta(days=10)
SENTENCE = "Справка об инвалидности действовала"
SNILS = "11223344595"


def text_of(answer) -> str:
    return answer.content.decode().replace(NBSP, " ")


@pytest.fixture
def children(school):
    """Two children of one class, each with two papers whose term is over."""
    with school.work():
        own, foreign = learner(last_name="Свойский"), learner(last_name="Чужов", snils=SNILS)
        for one in (own, foreign):
            facts = {"disability_valid_to": ENDED, "pmpk_valid_to": ENDED}
            StudentSpecial.objects.create(student=one, updated_by="медсестра", **facts)
    return {"own": own, "foreign": foreign}


def also_parent(login: str, child: Student, school) -> None:
    with scopes.enter(scopes.of_accounts()):
        account = Account.objects.get(login=login)
        give_role(account=account, role="guardian", organization_id=school.organization.pk, valid_from=SINCE)
    with school.work():
        guardian = Guardian.objects.create(last_name="Свойская", first_name="Ада", account_id=account.pk)
        GuardianLink.objects.create(student=child, guardian=guardian, relation="mother")


@pytest.fixture
def administrator(school, children):
    """Watches all cards without special facts and documents; his own child is in the school."""
    also_parent("org_admin", children["own"], school)
    return client_of(school.host, "org_admin")


def by_roles(org_type: str, *roles: str, account_id) -> Actor:
    """A person with the default rights of these roles."""
    grants = tuple(
        Grant(
            id=account_id,
            role=role,
            place="Школа",
            organization_id=account_id,
            organization_slug="school",
            authority_id=None,
            municipality_oktmo=None,
            region_code=None,
            rights=rights_of_role(role, org_type=org_type),
        )
        for role in roles
    )
    return Actor(account_id, "adam", "Адам", False, grants, grants)


@pytest.mark.proves("R-072", "R-169")
def test_the_meter_of_anothers_child_says_nothing_special_to_a_parent_who_works_here(administrator, children):
    own = administrator.get(f"/quality/student/{children['own'].pk}/").context["meter"]
    assert (own.hidden_gaps, own.hidden_doubts) == (0, 2)
    page = administrator.get(f"/quality/student/{children['foreign'].pk}/")
    foreign = page.context["meter"]
    assert foreign.hidden_doubts == 0
    assert not any(one.is_special for gap in foreign.gaps for one in gap.lacking)
    assert "особым сведениям" not in text_of(page)
    for answer in (page, administrator.get(f"/quality/student/{children['own'].pk}/")):
        assert SENTENCE not in text_of(answer)


@pytest.mark.proves("R-072", "R-169")
def test_a_list_names_special_gaps_of_the_own_child_only_and_is_not_narrowed_by_them(administrator, children):
    page = administrator.get("/quality/lists/student/?state=all&field=diseases")
    lines = {line.card.last_name: line for line in page.context["lines"]}
    assert not any(one.is_special for one in page.context["listing"].fields)
    assert page.context["listing"].field == ""
    assert "diseases" in {one.code for one in lines["Свойский"].lacking}
    assert "diseases" not in {one.code for one in lines["Чужов"].lacking}
    assert (lines["Свойский"].hidden_doubts, lines["Чужов"].hidden_doubts) == (2, 0)
    assert SENTENCE not in text_of(page)
    assert list(administrator.get("/quality/lists/student/?state=findings").context["lines"]) == []
    assert administrator.get("/quality/findings/").context["lines"] == []
    assert "diseases" not in {one.wanted.code for one in administrator.get("/quality/").context["found"].lacking}


@pytest.mark.proves("R-031")
def test_special_sentences_are_quoted_nowhere_outside_the_special_page(school, children):
    """Who has the right learns that something is wrong; what it is opens with a reason that the log keeps."""
    client = client_of(school.host, "secretary")
    page = client.get(f"/quality/student/{children['own'].pk}/")
    assert page.context["meter"].doubts == []
    assert f"/students/{children['own'].pk}/special/" in text_of(page)
    for path in ("findings/", "lists/student/?state=all", "lists/student/?state=findings"):
        words = text_of(client.get(f"/quality/{path}"))
        assert SENTENCE not in words, path
        assert "Инвалидность установлена" not in words, path
    (line,) = client.get("/quality/findings/").context["lines"]
    assert (line.code, line.fields, line.cards) == ("special", "Особые сведения", 2)
    assert len(client.get("/quality/lists/student/?state=findings&rule=special").context["lines"]) == 2
    assert list(client.get("/quality/lists/student/?state=findings&rule=disability_ended").context["lines"]) == []


@pytest.mark.proves("R-072", "R-169")
def test_a_snils_finds_only_for_who_may_see_everybodys(school, administrator, children):
    """An answer would confirm whose the number is."""
    for answer in (
        administrator.post("/students/", {"q": SNILS}, follow=True),
        administrator.post("/find/", {"q": SNILS}),
        administrator.get("/api/v1/students/", {"search": SNILS}),
    ):
        assert answer.status_code == 200
        assert "Чужов" not in answer.content.decode()
    assert "Чужов" in client_of(school.host, "secretary").post("/find/", {"q": SNILS}).content.decode()


@pytest.mark.proves("R-072", "R-169")
def test_passport_doubts_of_a_colleague_are_not_told_to_who_sees_only_his_own(school):
    account = employ("dina", "deputy_other", school)
    passport = {"doc_type": "passport_rf", "doc_series": "0301", "doc_number": "123456"}
    with school.work():
        own, colleague = making.member(**passport), making.member(**passport | {"doc_number": "123457"})
        StaffMember.objects.update(doc_issued_on=D(2004, 5, 5))
        StaffMember.objects.filter(pk=own.pk).update(account_id=account.pk)
    client = client_of(school.host, "dina")
    told = client.get(f"/quality/staff/{colleague.pk}/").context["meter"].doubts
    assert [one.text.split(":")[0] for one in told] == ["Не сходятся поля"]
    told = client.get(f"/quality/staff/{own.pk}/").context["meter"].doubts
    assert [one.text.split(":")[0] for one in told] == ["Паспорт просрочен по возрасту"]


def test_documents_of_two_cards_are_compared_only_for_who_may_see_both(school):
    kind, paper = KINDS["student"], {"doc_type": "passport_rf", "doc_series": "0301", "doc_number": "123456"}
    with school.work() as organization:
        first = factories.student(last_name="Первых", birth_date=D(2010, 1, 1), **paper)
        second = factories.student(last_name="Вторых", first_name="Олег", birth_date=D(2012, 2, 2), **paper)
        keys = (first.pk, second.pk)
        administrator = by_roles("preschool", "org_admin", "guardian", account_id=organization.pk)
        assert administrator.may("students.edit")
        assert administrator.may("students.identity")
        assert likeness_of(kind, administrator, keys) is None
        assert pairs_of(kind, administrator) == []
        Guardian.objects.create(last_name="Общая", first_name="Ада", account_id=organization.pk)
        for child in (first, second):
            GuardianLink.objects.create(student=child, guardian=Guardian.objects.get(), relation="mother")
        assert [pair.why for pair in pairs_of(kind, administrator)] == ["тот же документ"]
        secretary = by_roles("school", "secretary", account_id=organization.pk)
        assert [pair.why for pair in pairs_of(kind, secretary)] == ["тот же документ"]


def test_a_masked_field_is_given_to_many_only_by_who_sees_everybodys():
    """None is marked for it today; one that will be must not open to who sees his own child's alone."""
    kind = KINDS["student"]
    contacts = kind.layout.section("contacts")
    phone = replace(kind.layout.fields["phone"], is_group_editable=True)
    layout = Layout("student", "", "", (replace(contacts, fields=(phone,)),))
    marked = replace(kind, layout=layout)
    key = Student(last_name="Ключ").pk
    assert fields_for(marked, by_roles("preschool", "org_admin", "guardian", account_id=key)) == []
    assert fields_for(marked, by_roles("school", "secretary", account_id=key)) == [phone]
