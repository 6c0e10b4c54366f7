"""State numbers of invented people and organizations: right by every check, and belonging to nobody.

СНИЛС begin with 9 (such numbers are not given out), the region and tax office of organizations are 00, telephone code
and postal domain are reserved ones, so nothing here can meet a real person.
"""

from random import Random

from stdnum.ru import inn, ogrn

from shared.kernel.identifiers import format_snils, snils_control

KPP = "000001001"


class Numbers:
    """Gives out numbers of people, each once."""

    def __init__(self) -> None:
        self._given: set[str] = set()

    def snils(self, rng: Random) -> str:
        """A free СНИЛС as the document prints it."""
        number = self._free(rng, 900_000_000, 999_999_999)
        return format_snils(number + snils_control(number))

    def document(self, rng: Random, series: str, digits: int = 6) -> str:
        """A number that nobody has with this series."""
        while True:
            number = f"{rng.randrange(1, 10**digits):0{digits}d}"
            if f"{series} {number}" not in self._given:
                self._given.add(f"{series} {number}")
                return number

    def _free(self, rng: Random, lowest: int, highest: int) -> str:
        while True:
            number = str(rng.randint(lowest, highest))
            if number not in self._given:
                self._given.add(number)
                return number


def organization_inn(ordinal: int) -> str:
    """A test ИНН of a legal entity: tax office 0000."""
    body = f"0000{ordinal:05d}"
    return body + inn.calc_company_check_digit(body)


def organization_ogrn(ordinal: int, year: int) -> str:
    """A test ОГРН of a legal entity: region 00."""
    body = f"1{year % 100:02d}00{ordinal:07d}"
    return body + ogrn.calc_check_digit(f"{body}0")


def phone(ordinal: int) -> str:
    """A telephone in the code 000, which no network has."""
    digits = f"{ordinal % 10**7:07d}"
    return f"+7 (000) {digits[:3]}-{digits[3:5]}-{digits[5:]}"
