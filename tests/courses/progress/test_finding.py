"""Finding what can be learnt: by any word, width and kana aside, and also by a misspelt one."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from courses.catalog.finding import is_near, slips
from courses.catalog.models import Module, ModuleReader, Term
from courses.progress.publishing import publish
from courses.progress.queries import find_ways
from partners.models import Person
from tests.courses.factories import make_module
from tests.partners.factories import make_client, make_partner, make_person, sign_in

pytestmark = pytest.mark.django_db

words = st.text("あいうか", max_size=8)


def distance(one: str, other: str) -> int:
    """Return the edit distance of two words, as its definition says it."""
    if not one or not other:
        return len(one) + len(other)
    return min(
        distance(one[1:], other) + 1,
        distance(one, other[1:]) + 1,
        distance(one[1:], other[1:]) + (one[0] != other[0]),
    )


@given(words.filter(lambda word: len(word) < 6), words.filter(lambda text: len(text) < 6))
def test_a_word_is_near_where_some_part_of_the_text_is(word: str, text: str) -> None:
    parts = {text[a:b] for a in range(len(text) + 1) for b in range(a, len(text) + 1)}
    assert is_near(word, text) == any(distance(word, part) <= slips(word) for part in parts)


@pytest.fixture
def rep() -> Person:
    make_client()
    return make_person(make_partner())


def titles(person: Person, wanted: str) -> list[str]:
    return [way.card.title for way in find_ways(person, wanted).ways]


@pytest.mark.parametrize(
    "wanted", ["訪", "ホウモン", "ﾎｳﾓﾝ", "ほうもん ３分", "FIRST", "ｆｉｒｓｔ"]
)
def test_one_letter_is_enough_and_width_case_and_kana_don_t_matter(
    rep: Person, wanted: str
) -> None:
    make_module(title="ほうもん（訪問）の最初の3分 First visit")
    make_module(title="べつのもの")
    assert titles(rep, wanted) == ["ほうもん（訪問）の最初の3分 First visit"]


def test_words_inside_are_found_and_names_stand_first(rep: Person) -> None:
    story = {
        "title": "夕方の電話",
        "name": "木村",
        "before": "解約の話",
        "turning_point": "-",
        "after": "-",
    }
    make_module(title="あとの題名", blocks=[("story", story)], position=1)
    make_module(title="解約を防ぐ", position=2)
    assert titles(rep, "解約") == ["解約を防ぐ", "あとの題名"]
    assert titles(rep, "夕方 解約") == ["あとの題名"]
    assert titles(rep, "値引き 夕方") == ["あとの題名"], "every word, wherever it stands"


def term(word: str, reading: str, **fields) -> Term:
    return Term.objects.create(word=word, reading=reading, meaning="-", **fields)


@pytest.mark.parametrize("wanted", ["りんぎ", "リンギ", "りんぎ 夕方", "りん"])
def test_a_word_in_kana_finds_what_the_glossary_reads_so(rep: Person, wanted: str) -> None:
    term("稟議", "りんぎ")
    term("消込", "けしこみ")
    make_module(title="夕方の稟議の電話")
    make_module(title="夕方の消込")
    found = find_ways(rep, wanted)
    assert [way.card.title for way in found.ways] == ["夕方の稟議の電話"]
    assert not found.is_near


def test_only_readings_that_are_listed_are_found_and_only_by_kana(rep: Person) -> None:
    term("値引き", "ねびき", is_archived=True)
    term("価格", "")
    make_module(title="値引きの電話と価格")
    assert titles(rep, "ねびき") == []
    term("稟議", "りんぎ")
    make_module(title="稟議の通し方")
    assert titles(rep, "りんぎ") == ["稟議の通し方"]
    assert titles(rep, "り") == []


@pytest.mark.parametrize("wanted", ["はじめての訪門", "はじめて訪問", "はじめまての訪問"])
def test_small_misspellings_are_forgiven_and_said(rep: Person, wanted: str) -> None:
    make_module(title="はじめての訪問")
    make_module(title="価格の話")
    found = find_ways(rep, wanted)
    assert [way.card.title for way in found.ways] == ["はじめての訪問"]
    assert found.is_near


@pytest.mark.parametrize("wanted", ["", "  ", "\0", "%", "_", "まったく違う", "'; DROP TABLE"])
def test_nothing_is_found_where_nothing_is_said_or_meant(rep: Person, wanted: str) -> None:
    make_module(title="はじめての訪問")
    assert titles(rep, wanted) == []


def test_only_what_somebody_may_see_is_found(rep: Person) -> None:
    other = make_partner()
    for fields in (
        {"audience": "client"},
        {"audience": "chosen"},
        {"published": False},
        {"is_archived": True},
        {"form": "post", "expires_at": timezone.now() - dt.timedelta(minutes=1)},
    ):
        module = make_module(title="秘密の話", **fields)
        if fields.get("audience") == "chosen":
            ModuleReader.objects.create(module=module, organisation=other)
    assert titles(rep, "秘密") == []
    assert titles(rep, "秘蜜の話") == []
    assert titles(make_person(other), "秘密") == ["秘密の話"]
    make_module(title="今朝の秘密", form="post", expires_at=timezone.now() + dt.timedelta(days=1))
    assert titles(rep, "秘密") == ["今朝の秘密"]


def test_a_draft_is_found_by_its_new_words_once_it_is_published(rep: Person) -> None:
    module = make_module(title="古い題名")
    Module.objects.filter(pk=module.pk).update(title="新しい題名")
    assert titles(rep, "新しい題名") == []
    publish(module_id=module.pk, by=None)
    assert titles(rep, "新しい題名") == ["新しい題名"]
    assert not find_ways(rep, "新しい題名").is_near


def test_the_page_asks_as_little_for_thirty_as_for_one(rep: Person, client: Browser) -> None:
    sign_in(client, rep)
    make_module(title="訪問の話")
    term("訪問", "ほうもん")
    counts = []
    for many in (0, 29):
        for _ in range(many):
            make_module(title="訪問の話")
        client.get("/learn/find/?q=訪問")
        for wanted in ("訪問", "訪門の話", "ほうもん"):
            with CaptureQueriesContext(connection) as asked:
                page = client.get("/learn/find/", {"q": wanted}).content.decode()
            assert page.count('data-shelf="') == many + 1
            counts.append(len(asked))
    assert counts[:3] == counts[3:]
    assert max(counts) <= 8


def test_the_page_keeps_what_was_typed_and_leads_back(rep: Person, client: Browser) -> None:
    sign_in(client, rep)
    make_module(title="訪問の話")
    assert 'action="/learn/find/"' in client.get("/learn/").content.decode()
    page = client.get("/learn/find/", {"q": "<b>ない"}).content.decode()
    assert "見つかりませんでした" in page
    assert 'value="&lt;b&gt;ない"' in page
    assert client.get("/learn/find/", {"q": "あ" * 5000}).status_code == 200
    assert client.get("/learn/find/").status_code == 200
