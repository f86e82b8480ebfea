"""Texts as they are compared and searched: without width, case, and the two kana."""

import unicodedata

from django.db.models import F, Func, TextField, Value
from django.db.models.functions import Coalesce

KATAKANA = "".join(chr(code) for code in range(0x30A1, 0x30F7))
HIRAGANA = "".join(chr(code - 0x60) for code in range(0x30A1, 0x30F7))
_TO_HIRAGANA = str.maketrans(KATAKANA, HIRAGANA)
# Letters of other alphabets that the eye takes for Latin ones, and joiners that it doesn't see.
_LOOK_ALIKE = str.maketrans(
    "асԁеһіјԛорѕԝхуѵгвкмнтαεικνορτυχ", "acdehijqopswxyvrbkmhtaeikvoptux"
) | dict.fromkeys([0x200C, 0x200D])


def to_hiragana(text: str) -> str:
    """Turn katakana, also of half width, into hiragana: ﾀｶﾊｼ and タカハシ become たかはし."""
    return unicodedata.normalize("NFKC", text).translate(_TO_HIRAGANA)


def fold(text: str) -> str:
    """Return the text as `Person.search` keeps it: NFKC, lower case, hiragana."""
    return unicodedata.normalize("NFKC", text).lower().translate(_TO_HIRAGANA)


def same(text: str) -> str:
    """Return a key under which names that look alike are the same: width, case, kana, alphabet and spaces aside."""
    for _ in range(3):  # each step may bring forth signs that the one before would have changed
        text = "".join(fold(text).casefold().translate(_LOOK_ALIKE).split())
    return unicodedata.normalize("NFKC", text)


class Folded(Func):
    """What `fold` makes of these texts, one after the other, computed by the database."""

    template = f"translate(lower(normalize(%(expressions)s, NFKC)), '{KATAKANA}', '{HIRAGANA}')"
    arg_joiner = " || "
    output_field = TextField()


class SearchText(Folded):
    """The folded names and addresses of a person, computed by the database when the row is written.

    Family and given name stand together in both orders, so that 高橋美咲 is found as well as 高橋 美咲.
    """

    def __init__(self) -> None:
        gap = Value(" ")
        super().__init__(
            F("family_name"),
            F("given_name"),
            F("family_name"),
            gap,
            F("family_reading"),
            F("given_reading"),
            gap,
            Coalesce(F("email"), Value("")),
            gap,
            Coalesce(F("login_name"), Value("")),
        )
