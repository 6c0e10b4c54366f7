"""Where an organization belongs, by its ОКТМО, the name of its municipality, or its own name. Source: INTERFACES 4."""

from __future__ import annotations

import re

from fleet.onboarding.directory import Directory, MunicipalityFacts, Territory, title_key

_OKTMO = re.compile(r"\d{8}")
_OF_REGION = "000000"


class TerritoryRefused(ValueError):
    """The territory cannot be told; the text says why and what to write, ``column`` where."""

    def __init__(self, column: str, text: str) -> None:
        super().__init__(text)
        self.column = column


def find_territory(*, oktmo: str, municipality: str, full_name: str, directory: Directory) -> Territory:
    """The territory of a row; both columns blank means regional subordination.

    Raises: TerritoryRefused.
    """
    if oktmo:
        return _by_oktmo(oktmo, municipality, directory)
    if municipality:
        return _by_name(municipality, directory)
    return _regional(full_name, directory)


def _by_oktmo(oktmo: str, municipality: str, directory: Directory) -> Territory:
    if not _OKTMO.fullmatch(oktmo):
        raise TerritoryRefused(
            "oktmo",
            f"ОКТМО «{oktmo}» — не 8 цифр. Если таблица отбросила ноль в начале, сохраните столбец как текст.",
        )
    region_code = oktmo[:2]
    if oktmo.endswith(_OF_REGION) and region_code in directory.regions:
        if municipality and title_key(municipality) != title_key(directory.regions[region_code]):
            raise TerritoryRefused(
                "oktmo",
                f"ОКТМО {oktmo} — это {directory.regions[region_code]}, а в столбце municipality «{municipality}». "
                "Оставьте верное.",
            )
        return Territory(region_code)
    found = directory.municipalities.get(oktmo)
    if found is None:
        raise TerritoryRefused("oktmo", f"Муниципалитета с ОКТМО {oktmo} нет в справочнике. Проверьте код.")
    if municipality and title_key(municipality) != title_key(found.name):
        raise TerritoryRefused(
            "municipality",
            f"ОКТМО {oktmo} — это {found.name}, а в столбце municipality «{municipality}». Оставьте верное.",
        )
    return Territory(found.region_code, found.oktmo)


def _by_name(name: str, directory: Directory) -> Territory:
    found = directory.municipalities_named(name)
    if not found:
        raise TerritoryRefused(
            "municipality", f"Муниципалитета «{name}» нет в справочнике. Проверьте название или укажите oktmo."
        )
    if len(found) > 1:
        raise TerritoryRefused(
            "municipality", f"Название «{name}» есть не в одном месте: {_where(found, directory)}. Укажите oktmo."
        )
    return Territory(found[0].region_code, found[0].oktmo)


def _regional(full_name: str, directory: Directory) -> Territory:
    """The region that the name says, else the one of the installation or of the rest of the file, else the only one."""
    named = directory.regions_in(full_name)
    if len(named) == 1:
        return Territory(named[0])
    if directory.default_region in directory.regions:
        return Territory(directory.default_region)
    if len(directory.regions) == 1:
        return Territory(next(iter(directory.regions)))
    codes = ", ".join(f"{code}{_OF_REGION} — {name}" for code, name in sorted(directory.regions.items()))
    raise TerritoryRefused(
        "oktmo",
        "Не указан ни муниципалитет, ни регион. Для муниципальной организации укажите её oktmo, "
        f"для региональной — oktmo региона ({codes}).",
    )


def _where(found: list[MunicipalityFacts], directory: Directory) -> str:
    return ", ".join(f"{directory.regions[item.region_code]} ({item.oktmo})" for item in found)
