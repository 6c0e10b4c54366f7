"""Verification codes of papers: what a stranger types from a paper, or his telephone reads from its square.

Sixty random bits in the alphabet of Crockford's Base32, which has no I, L, O and U; a guess succeeds once in 10¹⁸.
"""

from __future__ import annotations

import io
import secrets
from typing import Final

import segno

from shared.kernel.names import LOOK_ALIKE

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH: Final = 12
_GROUP: Final = 4
_MASK: Final = 4  # any mask reads as well; weighing all eight took four fifths of the time of a square
_MISREAD: Final = str.maketrans(
    {**{cyrillic: latin for latin, cyrillic in LOOK_ALIKE.items() if latin.isupper()}, "O": "0", "I": "1", "L": "1"}
    | {"О": "0", "З": "3"}
)


def new_code() -> str:
    """A code nobody can guess, as it is stored: twelve signs without hyphens."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def grouped(code: str) -> str:
    """«7K2M-Q9TX-4HBC», as it is printed."""
    return "-".join(code[start : start + _GROUP] for start in range(0, len(code), _GROUP))


def read_code(text: str) -> str:
    """What a person typed as it is stored, or '' when it cannot be a code; letters that look alike are understood."""
    signs = "".join(sign for sign in text.upper() if sign.isalnum()).translate(_MISREAD)
    return signs if len(signs) == LENGTH and set(signs) <= set(ALPHABET) else ""


def square(text: str) -> str:
    """The QR code of a text as SVG, without a border: the paper around it is white."""
    stream = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        stream, kind="svg", border=0, xmldecl=False, svgclass=None, lineclass=None
    )
    return stream.getvalue().decode()
