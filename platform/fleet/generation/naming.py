"""Agreement of Russian surnames and patronymics with sex."""

from fleet.generation.wordlists import PATRONYMICS


def surname_of(masculine: str, sex: str) -> str:
    """«Соколов» for M is «Соколова» for F; both halves of a double surname agree, foreign endings do not."""
    if sex == "M":
        return masculine
    return "-".join(_feminine(half) for half in masculine.split("-"))


def patronymic_of(father: str, sex: str) -> str:
    """«Фёдор» gives «Фёдорович» or «Фёдоровна», «Илья» gives «Ильич» or «Ильинична»."""
    masculine = PATRONYMICS.get(father) or _patronymic(father)
    if sex == "M":
        return masculine
    if masculine.endswith(("ович", "евич")):
        return f"{masculine[:-2]}на"
    return f"{masculine[:-2]}{'инична' if masculine == 'Ильич' else 'ична'}"


def _feminine(surname: str) -> str:
    if surname.endswith(("ов", "ев", "ёв", "ин", "ын")):
        return f"{surname}а"
    if surname.endswith(("ский", "цкий", "ой")):
        return f"{surname[:-2]}ая"
    return surname


def _patronymic(father: str) -> str:
    if father.endswith("ий"):
        return f"{father[:-2]}ьевич"
    if father.endswith(("й", "ь")):
        return f"{father[:-1]}евич"
    return f"{father}ович"
