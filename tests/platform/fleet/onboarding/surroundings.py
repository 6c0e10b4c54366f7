"""Files and directories of the onboarding tests."""

from __future__ import annotations

import csv
import io

from fleet.onboarding.directory import Directory, KnownOrganization, MunicipalityFacts, Territory
from fleet.onboarding.preview import Preview, check_table
from fleet.onboarding.rows import COLUMNS, OrganizationRow
from shared.access.workspaces import RESERVED_SLUGS
from shared.imports.tables import Table, read_table

BELORECHENSK = MunicipalityFacts("03608000", "03", "Белореченский муниципальный район", "г Белореченск")
MURMANSK = MunicipalityFacts("47701000", "47", "город Мурманск", "")
RED_SOUTH = MunicipalityFacts("03623000", "03", "Красноармейский муниципальный район", "ст-ца Полтавская")
RED_SAMARA = MunicipalityFacts("36620000", "36", "Красноармейский муниципальный район", "с Красноармейское")
REGIONS = {"03": "Краснодарский край", "36": "Самарская область", "47": "Мурманская область"}
GOOD = {
    "full_name": "Средняя школа № 7 города Белореченска",
    "short_name": "СОШ № 7",
    "type": "school",
    "oktmo": "03608000",
    "urban_rural": "urban",
}
OGRN = "1022300000007"


def directory(*known: KnownOrganization, region: str | None = None) -> Directory:
    places = (BELORECHENSK, MURMANSK, RED_SOUTH, RED_SAMARA)
    found = Directory(dict(REGIONS), {place.oktmo: place for place in places}, default_region=region)
    for organization in known:
        found.add(organization)
    return found


def known(slug: str, full_name: str = "Другая школа", ogrn: str = "", kpp: str = "", oktmo: str = "03608000"):
    return KnownOrganization(slug, full_name, ogrn, kpp, Territory(oktmo[:2], oktmo))


def as_csv(*rows: dict[str, str], columns: tuple[str, ...] = COLUMNS) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: row.get(name, "") for name in columns} for row in rows)
    return text.getvalue().encode()


def table_of(*rows: dict[str, str], columns: tuple[str, ...] = COLUMNS) -> Table:
    return read_table(as_csv(*rows, columns=columns), "organizations.csv")


def check(*rows: dict[str, str], of: Directory | None = None) -> Preview:
    return check_table(table_of(*({**GOOD, **row} for row in rows)), of or directory(), RESERVED_SLUGS)


def check_one(of: Directory | None = None, **facts: str) -> OrganizationRow:
    return check(facts, of=of).rows[0]
