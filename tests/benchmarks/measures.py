"""What is measured of one large organization and of a large registry; fleet, backups and card files stand beside."""

from __future__ import annotations

import datetime
import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from django.conf import settings
from django.db import connection, connections, transaction
from django.test import Client, override_settings
from django.utils import timezone

from fleet.generation import generate
from shared.contingent.counts import count, parse_territory
from shared.contingent.models import RegistryEnrollment
from shared.documents.imprint import Imprint
from shared.imports.tables import read_table
from shared.organizations.models import AuthorityBody
from shared.statforms.registry_facts import RegistryFacts
from shared.statforms.services import compute_form
from shared.tenancy import scopes
from shared.tenancy.connection import tenant_connection
from tenants.handup.projector import settle
from tenants.intake import services as intake
from tenants.papers.batches import print_batch
from tenants.papers.models import Certificate, PrintJob
from tenants.papers.services import Wish
from tenants.papers.sheets import render_certificates
from tenants.people.models import Student
from tests.benchmarks.backups import backup_and_restore
from tests.benchmarks.card_files import checking_cards
from tests.benchmarks.fleet import fleet
from tests.benchmarks.table import Row, median, timed
from tests.benchmarks.visits import visits
from tests.support import School, client_of, connect, person
from tests.tenants import factories

DAY = datetime.date(2026, 9, 20)
TODAY = datetime.date(2026, 11, 21)
LEARNERS = 20_000
CERTIFICATES = 500
SINGLE = 50  # printed apart, then reckoned for as many
_world: dict[str, School] = {}
Measure = Callable[[Path], Iterator[Row]]


def isolation(folder: Path) -> Iterator[Row]:
    """A transaction of one query in an organization's role and schema."""
    school = connect("bench-isolation")
    scope = scopes.of_organization(school.organization.schema_name)

    def query() -> None:
        with scopes.enter(scope):
            Student.objects.exists()

    switched = median(query, times=2000)
    with override_settings(TENANCY_ROLE_SWITCH=False):
        # Without the role the login may not read the table, so the same transaction asks a constant.
        plain = median(lambda: _constant(scope), times=2000)
    constant = median(lambda: _constant(scope), times=2000)
    yield Row("transaction with role and schema, constant query", constant, "schema only, no role", plain)
    yield Row("transaction with role and schema, one ORM query", switched, "constant query", constant)
    person("bench-isolated", "director", school=school)
    client = client_of(school.host, "bench-isolated")
    isolated, bare = [], []
    for _ in range(8):  # in turns, so that what else the machine does falls on both
        isolated.append(median(lambda: _ok(client, "/students/"), times=40))
        with _without_isolation():
            bare.append(median(lambda: _ok(client, "/students/"), times=40))
    note = f"{(min(isolated) - min(bare)) * 1000:+.2f} ms a request"
    yield Row("request in the organization's role", min(isolated), "as the owner, no role", min(bare), note)


@contextmanager
def _without_isolation() -> Iterator[None]:
    """Requests by the login that owns every table: no role is stated, row security does not concern it."""
    facts = connections["default"].settings_dict
    connections["default"].close()
    login, facts["USER"] = facts["USER"], connections["owner"].settings_dict["USER"]
    try:
        with override_settings(TENANCY_ROLE_SWITCH=False):
            yield
    finally:
        connections["default"].close()
        facts["USER"] = login


def _constant(scope: scopes.Scope) -> None:
    with scopes.enter(scope), connection.cursor() as cursor:
        cursor.execute("select 1")


def importing(folder: Path) -> Iterator[Row]:
    """Bringing 20,000 rows into one organization, until the registry holds them."""
    generate(organizations=1, learners=LEARNERS, seed=7, to=folder / "files")
    (path,) = (folder / "files").glob("contingent-*.csv")
    school = _world["big"] = connect("bench-big", short_name="Большая школа")

    def bring() -> None:
        table = read_table(path)
        with school.work():
            source = intake.Source(
                table=table,
                file_name=path.name,
                checksum=hashlib.sha256(path.read_bytes()).hexdigest(),
                org_type=school.organization.org_type,
                year=2026,
                today=TODAY,
            )
            intake.bring_in(source, update=False, all_or_nothing=False, made_by="bench")
        settle(school.organization)

    seconds = timed(bring)
    with school.work():
        rows = Student.objects.count()
    again = timed(bring)
    single = connect("bench-single")

    def by_orders() -> None:
        for _ in range(100):
            with single.work():
                factories.enroll(factories.student(), into=factories.group("5А"))
        settle(single.organization)

    one_by_one = timed(by_orders) / 100 * rows
    note = f"{rows / seconds:,.0f} learners/s"
    yield Row(f"import of a file, {rows:,} learners", seconds, "as many single orders (100 measured)", one_by_one, note)
    yield Row("the same file again (nothing changes)", again, "the first time", seconds)


def counting(folder: Path) -> Iterator[Row]:
    """Counting places and people on a day."""
    with scopes.enter(scopes.of_projector()):
        ours = median(lambda: count(as_of=DAY, by=("grade", "sex", "age")))
        naive = median(_naive_count, times=3)
    yield Row("count by grade, sex, age; 20,000 places", ours, "rows fetched and counted in Python", naive)
    _fill_registry()
    with scopes.enter(scopes.of_projector()):
        region = median(lambda: count(as_of=DAY, by=("grade", "sex")), times=3)
        scan = median(_full_scan, times=3)
        one = parse_territory("municipality:03608000")
        municipality = median(lambda: count(as_of=DAY, by=("grade", "sex"), territory=one), times=5)
    yield Row("count by grade, sex; 1,000,000 places", region, "count(*) of all rows", scan)
    yield Row("the same for one of 44 municipalities", municipality, "the whole region", region)


def _naive_count() -> Counter[tuple[object, ...]]:
    found: Counter[tuple[object, ...]] = Counter()
    for row in RegistryEnrollment.objects.on(DAY).iterator():
        found[(row.grade, row.sex, row.birth_date.year)] += 1
    return found


def _full_scan() -> None:
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from contingent_registryenrollment")


def _fill_registry() -> None:
    statement = Path(__file__).with_name("million.sql").read_text(encoding="utf-8")
    with transaction.atomic(using="owner"), tenant_connection("owner").cursor() as cursor:
        cursor.execute(statement)
    with tenant_connection("owner").cursor() as cursor:
        cursor.execute("vacuum (analyze) contingent_registryenrollment")  # what autovacuum does in time
        cursor.execute("analyze contingent_person")


def forms(folder: Path) -> Iterator[Row]:
    """Computing a federal form."""
    territory = parse_territory("organization:bench-big")

    def compute(code: str) -> None:
        source = RegistryFacts(as_of=DAY, territory=territory)
        compute_form(code=code, source=source, as_of=DAY, scope_label=territory.label)

    with scopes.enter(scopes.of_projector()):
        seconds = median(lambda: compute("ОО-1"), times=5)
        one_query = median(lambda: count(as_of=DAY, by=("grade",), territory=territory), times=5)
    yield Row("ОО-1 of an organization of 20,000", seconds, "one count by grade of it", one_query)


def pages(folder: Path) -> Iterator[Row]:
    """Pages as the web process makes them, network excluded."""
    school = _world["big"]
    with tenant_connection("owner").cursor() as cursor:
        cursor.execute("analyze")  # what autovacuum does in time
    person("bench-director", "director", school=school)
    ministry = AuthorityBody.objects.using("owner").get(code="ministry-03")
    person("bench-officer", "region_registry_operator", authority=ministry)
    base = settings.BASE_DOMAIN
    for name, host, login, path in (
        ("organization home", school.host, "bench-director", "/"),
        ("learners list of 20,000", school.host, "bench-director", "/students/"),
        ("movement book", school.host, "bench-director", "/movement/"),
        ("registry of 1,000,000", f"region.{base}", "bench-officer", "/registry/"),
    ):
        client = client_of(host, login)
        live = median(lambda client=client: client.get("/healthz"))
        yield Row(name, median(lambda client=client, path=path: _ok(client, path), times=7), "/healthz", live)


def _ok(client: Client, path: str) -> None:
    response = client.get(path)
    if response.status_code != 200:
        raise RuntimeError(f"{path}: {response.status_code}")


def certificates(folder: Path) -> Iterator[Row]:
    """Issuing and printing 500 certificates: numbers, rows, one PDF of 500 pages, the file kept."""
    school = connect("bench-papers")
    with school.work():
        learners = [factories.student() for _ in range(CERTIFICATES)]
        factories.enroll(*learners, into=factories.group("5А"))
    keys = [one.pk for one in learners]
    wish = Wish(kind="study", signer_post="Директор", signer_name="О. Т. Лебедь")
    asked = {**asdict(wish), "check_address": "https://school.example/check/"}

    def together() -> None:
        with school.work():
            print_batch(PrintJob.objects.create(wish=asked, students=keys, ordered_by=keys[0], made_by="bench"))

    with override_settings(FILES_ROOT=folder):
        seconds = timed(together)
    imprint = Imprint(organization="", title="Справка об обучении", made_at=timezone.localtime(), executor="bench")
    with school.work():
        made = list(Certificate.objects.select_related("student"))

        def one_by_one() -> None:
            for one in made[:SINGLE]:
                render_certificates(
                    imprint, [one], organization=school.organization, check_address=asked["check_address"]
                )

        single = timed(one_by_one) / SINGLE * CERTIFICATES
    note = f"{CERTIFICATES / seconds:,.0f} certificates/s"
    yield Row(f"{CERTIFICATES} certificates, one document", seconds, f"{CERTIFICATES} single documents", single, note)


ALL: tuple[Measure, ...] = (
    isolation,
    importing,
    checking_cards,
    counting,
    forms,
    pages,
    certificates,
    backup_and_restore,
    fleet,
    visits,
)
STANDS_ON: dict[Measure, tuple[Measure, ...]] = {  # whose rows it measures
    counting: (importing,),
    forms: (importing, counting),
    pages: (importing, counting),
}


def chosen(names: Iterable[str]) -> list[Measure]:
    """The named measures with those they stand on, in order; all of them without names. Raises: SystemExit."""
    known = {one.__name__: one for one in ALL}
    asked = set(names)
    if asked - set(known):
        raise SystemExit(f"Нет таких измерений: {', '.join(sorted(asked - set(known)))}. Есть: {', '.join(known)}.")
    wanted = {known[name] for name in asked}
    wanted |= {other for one in wanted for other in STANDS_ON.get(one, ())}
    return [one for one in ALL if one in wanted or not asked]
