"""Texts as they are compared and searched: without width, case, and the two kana.

`fold` is what the database keeps. Variant characters of names (髙 for 高) are no part of it: they stay apart there,
so that two companies may differ by one, and are taken for one another where something is looked for.
"""

import re
import unicodedata
from typing import Any, TypeVar

from django.db.models import F, Func, Q, QuerySet, TextField, Value
from django.db.models.functions import Coalesce

_Rows = TypeVar("_Rows", bound="QuerySet[Any]")

KATAKANA = "".join(chr(code) for code in range(0x30A1, 0x30F7))
HIRAGANA = "".join(chr(code - 0x60) for code in range(0x30A1, 0x30F7))
_TO_HIRAGANA = str.maketrans(KATAKANA, HIRAGANA)
# Letters of other alphabets that the eye takes for Latin ones, and joiners that it doesn't see.
_LOOK_ALIKE = str.maketrans(
    "асԁеһіјԛорѕԝхуѵгвкмнтαεικνορτυχ", "acdehijqopswxyvrbkmhtaeikvoptux"
) | dict.fromkeys([0x200C, 0x200D])

# Signs with which the same family name is written, the usual one first; NFKC knows only some more (塚, 神).
_VARIANTS = (
    *("高髙", "崎﨑嵜", "辺邊邉", "斎齋斉齊", "浜濱濵", "沢澤", "広廣", "島嶋嶌", "富冨", "吉𠮷", "徳德", "国國"),
    *("桜櫻", "瀬瀨", "関關", "条條", "黒黑", "増增", "横橫", "真眞", "曽曾", "栄榮", "柳栁", "橋槗𣘺"),
    *("竜龍", "滝瀧", "塩鹽", "万萬", "円圓", "会會", "恵惠", "蔵藏", "槙槇", "薮藪", "桧檜", "峰峯", "館舘", "豊豐"),
    *("寿壽", "寛寬", "実實", "清淸", "静靜", "彦彥", "穂穗", "緒緖", "郎郞", "岳嶽", "与與", "土圡𡈽", "角⻆"),
)  # fmt: skip
_TO_USUAL = {ord(sign): signs[0] for signs in _VARIANTS for sign in signs[1:]}
_OF_SAME_NAME = {sign: signs for signs in _VARIANTS for sign in signs}
_SELECTORS = "\U000e0100-\U000e01ef"
_SELECTOR = re.compile(f"[{_SELECTORS}]")
"""What follows a sign to choose among its shapes, and can't be seen itself: 葛󠄀 of 葛城."""


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


def spelled(text: str) -> str:
    """Return a name with the usual sign for each variant: 髙﨑 becomes 高崎, 斉藤 and 齋藤 become 斎藤."""
    return _SELECTOR.sub("", text).translate(_TO_USUAL)


def any_spelling(word: str) -> str:
    """Return a regular expression of the database that finds a folded word however its variants are written."""
    return "".join(
        f"[{_OF_SAME_NAME[sign]}][{_SELECTORS}]?" if sign in _OF_SAME_NAME else re.escape(sign)
        for sign in _SELECTOR.sub("", word)
    )


class Folded(Func):
    """What `fold` makes of these texts, one after the other, computed by the database."""

    template = f"translate(lower(normalize(%(expressions)s, NFKC)), '{KATAKANA}', '{HIRAGANA}')"
    arg_joiner = " || "
    output_field = TextField()


def all_held(field: str, words: str) -> Q:
    """Return the condition that a folded text of the database holds each of the words, in any variant signs."""
    held = Q()
    for word in fold(words).split():
        held &= Q(**{f"{field}__regex": any_spelling(word)})
    return held


def holding(rows: _Rows, words: str, *fields: str) -> _Rows:
    """Keep the rows of which some of these texts hold each of the words, in any width, case, kana and variant signs."""
    folded = {f"folded_{number}": Folded(F(field)) for number, field in enumerate(fields)}
    found = rows.alias(**folded) if words.strip() else rows
    for word in fold(words).split():
        held = Q()
        for name in folded:
            held |= Q(**{f"{name}__regex": any_spelling(word)})
        found = found.filter(held)
    return found


class OrNone(Func):
    """A text, NULL where it is empty. Its SQL has no parameters, so that an index answers a prepared statement, too."""

    template = "NULLIF(%(expressions)s, '')"
    output_field = TextField()


def in_lists(reading: str, name: str) -> Coalesce:
    """Return by what a name stands in lists: its reading, or the folded name itself where nobody gave one.

    Lee stands among Latin names whatever the case, スミス among readings; 鈴木 without a reading behind all of them.
    """
    return Coalesce(OrNone(F(reading)), Folded(F(name)), output_field=TextField())


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
