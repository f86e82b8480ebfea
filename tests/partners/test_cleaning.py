"""Names and addresses as typed by people in a hurry, by machines, and by rogues."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partners import cleaning, folding
from partners.models import Person
from tests.partners.factories import make_partner, make_person

BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  高橋　美咲 ", "高橋 美咲"),
        ("a\u202egpj.exe", "agpj.exe"),
        ("山田\r\nBcc: x@example.com", "山田 Bcc: x@example.com"),
        ("A\x00B\x1b[31m", "A B [31m"),
        ("Zoe\u0308", "Zoë"),
        ("👩\u200d💻", "👩\u200d💻"),
        ("髙﨑 ①", "髙﨑 ①"),
        ("аdmin", "аdmin"),
        ("\u200b\ufeff", ""),
    ],
)
def test_a_name_keeps_what_is_meant_and_loses_what_deceives(typed: str, kept: str) -> None:
    assert cleaning.name(typed) == kept


def test_towers_of_marks_are_cut() -> None:
    assert len(cleaning.name("Z" + "\u0301" * 250)) <= 5


@given(st.text(max_size=80))
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    once = cleaning.name(text)
    assert cleaning.name(once) == once
    assert not set(once) & set(BIDI)
    assert not any(unicodedata.category(sign) == "Cc" for sign in once)


@pytest.mark.parametrize("typed", ["ﾀｶﾊｼ", "タカハシ", "たかはし", " タカハシ\t"])
def test_a_reading_is_kept_in_hiragana(typed: str) -> None:
    assert cleaning.reading(typed) == "たかはし"


@pytest.mark.parametrize(
    ("reading", "name", "fits"),
    [
        ("たかはし", "高橋", True),
        ("ｼﾞｮﾝ・ﾛｰ", "ジョン・ロー", True),
        ("", "高橋", True),
        ("さぶろう3", "三郎3", True),
        ("takahashi", "高橋", False),
        ("kansa漢字", "監査", False),
        ("Silva", "Silva", True),
        ("しるば", "Silva", True),
        ("席", "Silva", False),
    ],
)
def test_a_japanese_name_is_read_in_kana(reading: str, name: str, fits: bool) -> None:
    assert cleaning.is_reading(cleaning.reading(reading), name) is fits


def test_an_address_is_compared_in_half_width_and_lower_case() -> None:
    assert cleaning.address(" Ｍisaki＠Example．com ") == "misaki@example.com"


@pytest.mark.parametrize(
    ("typed", "parts"),
    [
        ("高橋　美咲", ("高橋", "美咲")),
        ("高橋", ("高橋", "")),
        ("Misaki Takahashi", ("Takahashi", "Misaki")),
        ("Ana Maria Silva", ("Silva", "Ana Maria")),
        ("", ("", "")),
    ],
)
def test_a_full_name_is_split_in_the_order_of_its_letters(
    typed: str, parts: tuple[str, str]
) -> None:
    assert cleaning.split_name(typed) == parts


@given(st.text(max_size=40))
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert folding.same(folding.same(text)) == folding.same(text)


@pytest.mark.parametrize(
    ("written", "usual"),
    [
        *(("髙橋", "高橋"), ("山﨑", "山崎"), ("山嵜", "山崎"), ("渡邊", "渡辺"), ("渡邉", "渡辺")),
        *(
            ("齋藤", "斎藤"),
            ("齊藤", "斎藤"),
            ("斉藤", "斎藤"),
            ("𠮷田", "吉田"),
            ("渡邉\U000e0101", "渡辺"),
        ),
    ],
)
@pytest.mark.django_db
def test_a_name_is_found_however_its_variant_signs_are_written(written: str, usual: str) -> None:
    assert folding.spelled(written) == usual == folding.spelled(usual)
    partner = make_partner()
    make_person(partner, family_name="高田", given_name="崎", sign_in=False)
    people = [
        make_person(partner, family_name=each, given_name="潤", sign_in=False)
        for each in (written, usual)
    ]
    for words in (f"{written} 潤", f"{usual}潤"):
        assert list(Person.objects.matching(words).order_by("pk")) == people


@pytest.mark.parametrize(
    "typed", ["***:高", "(?i)a", "a+b@x.example", "高%", "[髙]", "\\1", "高{2}", "a_-c"]
)
@pytest.mark.django_db
def test_what_is_looked_for_stands_for_itself_only(typed: str) -> None:
    there = make_person(make_partner(), family_name=f"岡{typed}", sign_in=False)
    make_person(there.organisation, family_name="aab高高", sign_in=False)
    assert list(Person.objects.matching(typed)) == [there]


def test_each_sign_of_a_name_has_one_usual_form() -> None:
    signs = [sign for each in folding._VARIANTS for sign in each]
    assert len(signs) == len(set(signs))
    assert all(folding.fold(sign) == sign for sign in signs)
