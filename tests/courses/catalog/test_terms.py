"""Words that are explained: the list, who writes it, the editor's door, and what readers are told."""

import json
import re
import uuid
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from core.scope import CLIENT, scoped
from courses.catalog import actions, queries
from courses.catalog.actions import Details, WordTakenError
from courses.catalog.models import Term
from courses.catalog.syllabary import row_of
from courses.progress.publishing import publish
from partners.models import Person
from partners.problems import Problem
from tests.courses.factories import make_module
from tests.partners.factories import make_client, make_partner, make_person, sign_in

pytestmark = pytest.mark.django_db

RINGI = Details("稟議", "りんぎ", "書類を順に回して承認を集める決め方。", "ja")


@pytest.fixture
def author() -> Person:
    """An author of the client's, in English."""
    return make_person(make_client(), roles=["author"], language="en")


@pytest.fixture
def office(client: Browser, author: Person) -> Browser:
    """The author's browser."""
    return sign_in(client, author)


def make_term(word: str = "稟議", reading: str = "りんぎ", **fields: Any) -> Term:
    """Make a word of the list."""
    return Term.objects.create(word=word, reading=reading, **{"meaning": f"{word}の意味", **fields})


def marked(term: Term, text: str = "") -> dict[str, Any]:
    """A text that is marked with a term."""
    mark = {"type": "term", "attrs": {"term": str(term.pk)}}
    return {"type": "text", "text": text or term.word, "marks": [mark]}


def text_block(*nodes: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """A text block of one paragraph."""
    return "text", {"doc": {"type": "doc", "content": [{"type": "paragraph", "content": [*nodes]}]}}


def body(response: Any) -> str:
    return str(response.content.decode())


# --- The list ---------------------------------------------------------------------------------------------


def test_a_word_is_kept_without_stray_spaces_and_its_reading_in_full_width(author: Person) -> None:
    term = actions.add_term(details=Details(" 稟議 書\n", "ﾘﾝｷﾞｼｮ", " 決め方 ", "ja"))
    assert (term.word, term.reading, term.meaning) == ("稟議 書", "リンギショ", "決め方")


@pytest.mark.parametrize(
    ("details", "field"),
    [
        (Details("", "", "x", "ja"), "word"),
        (Details("稟議", "りんぎ", " ", "ja"), "meaning"),
        (Details("稟議", "", "x", "ja"), "reading"),
        (Details("稟議", "ringi", "x", "ja"), "reading"),
        (Details("稟議", "りんぎ", "x" * 301, "ja"), "meaning"),
        (Details("a" * 61, "", "x", "en"), "word"),
        (Details("word", "", "x", "fr"), "language"),
        (Details("word", "", "x", "en", "n" * 2001), "note"),
    ],
)
def test_what_does_not_fit_is_said_beside_its_field_and_not_kept(
    author: Person, details: Details, field: str
) -> None:
    with pytest.raises(Problem) as caught:
        actions.add_term(details=details)
    assert caught.value.field == field
    assert not Term.objects.exists()


@pytest.mark.parametrize("again", ["ｻｰﾋﾞｽ", "さーびす", "サービス"])
def test_a_word_stands_once_whatever_its_width_and_kana(author: Person, again: str) -> None:
    first = make_term("サービス", "")
    with pytest.raises(WordTakenError) as caught:
        actions.add_term(details=Details(again, "", "x", "ja"))
    assert caught.value.term == first
    with pytest.raises(IntegrityError):
        make_term(again, "")


def test_the_same_word_may_stand_in_each_language(author: Person) -> None:
    make_term("SFA", "", language="ja")
    actions.add_term(details=Details("SFA", "", "Sales force automation", "en"))
    assert Term.objects.count() == 2


def test_a_word_that_was_put_away_is_taken_back_rather_than_added_again(author: Person) -> None:
    term = make_term(is_archived=True)
    with translation.override("en"), pytest.raises(WordTakenError, match="put away"):
        actions.add_term(details=RINGI)
    actions.set_archived(actor=author, term_id=term.pk, archived=False)
    term.refresh_from_db()
    assert not term.is_archived


@pytest.mark.parametrize(
    ("folded", "row"),
    [
        ("がいさん", "か"),
        ("ぱ", "は"),
        ("ゔぁ", "わ"),
        ("っ", "た"),
        ("kpi", "K"),
        ("3c", "#"),
        ("", "#"),
    ],
)
def test_a_reading_stands_in_its_row(folded: str, row: str) -> None:
    assert row_of(folded) == row


def test_history_keeps_what_a_word_meant(author: Person) -> None:
    term = actions.add_term(details=RINGI)
    changed = Details("稟議", "りんぎ", "別の言い方。", "ja")
    actions.edit_term(actor=author, term_id=term.pk, details=changed)
    told = list(term.events.order_by("pgh_id").values_list("meaning", flat=True))  # type: ignore[attr-defined]
    assert told == [RINGI.meaning, changed.meaning]


# --- Pages of those who write it ---------------------------------------------------------------------------


def form(**fields: str) -> dict[str, str]:
    """What the form sends."""
    return {
        "word": "稟議", "reading": "りんぎ", "meaning": "決め方", "note": "", "language": "ja", **fields
    }  # fmt: skip


def test_an_author_adds_changes_and_puts_away_a_word(office: Browser) -> None:
    assert "No words yet" in body(office.get("/authoring/terms/"))
    assert office.post("/authoring/terms/new/", form()).status_code == 302
    term = Term.objects.get()
    assert "りんぎ" in body(office.get("/authoring/terms/"))
    address = f"/authoring/terms/{term.pk}/"
    assert office.post(address, form(meaning="承認の集め方")).status_code == 302
    office.post(f"{address}archive/", {"archived": "yes"})
    term.refresh_from_db()
    assert (term.meaning, term.is_archived) == ("承認の集め方", True)
    assert "承認の集め方" not in body(office.get("/authoring/terms/"))
    assert "承認の集め方" in body(office.get("/authoring/terms/?archived=1"))
    office.post(f"{address}archive/", {"archived": "no"})
    assert "承認の集め方" in body(office.get("/authoring/terms/"))


def test_what_was_typed_stays_and_the_page_says_how_to_mend_it(office: Browser) -> None:
    response = office.post("/authoring/terms/new/", form(reading="ringi", meaning="typed words"))
    assert response.status_code == 422
    assert "typed words" in body(response)
    assert "hiragana or katakana" in body(response)


def test_a_reading_that_kanji_need_is_not_called_optional(office: Browser) -> None:
    page = body(office.get("/authoring/terms/new/"))
    label = re.search(r'<label for="id_reading">(.*?)</label>', page)
    assert label
    assert "optional" not in label[1]
    assert "A Japanese word with kanji needs it" in page


def test_a_word_that_is_there_is_one_tap_away(office: Browser) -> None:
    term = make_term()
    response = office.post("/authoring/terms/new/", form())
    assert response.status_code == 422
    assert f"/authoring/terms/{term.pk}/" in body(response)


@pytest.mark.parametrize("asked", ["りんぎ", "リンギ", "ﾘﾝｷﾞ", "稟", "稟議 りん"])
def test_a_word_is_found_by_itself_and_by_its_reading(office: Browser, asked: str) -> None:
    make_term()
    make_term("相見積もり", "あいみつもり")
    page = body(office.get("/authoring/terms/", {"q": asked}))
    assert "稟議の意味" in page
    assert "相見積もり" not in page


@pytest.mark.parametrize("role", ["author", "admin"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_for_partners_who_write_the_clients_words_are_not_there(
    client: Browser, role: str, method: str
) -> None:
    make_client()
    sign_in(client, make_person(make_partner(), roles=[role]))
    term = make_term()
    own = f"/authoring/terms/{term.pk}/"
    for address in ("/authoring/terms/", "/authoring/terms/new/", own, "/api/authoring/terms/"):
        assert getattr(client, method)(address).status_code == 404, address
    assert client.post(f"{own}archive/").status_code == 404
    term.refresh_from_db()
    assert not term.is_archived


@pytest.mark.parametrize("address", ["/authoring/terms/", "/terms/", "/api/authoring/terms/"])
def test_a_list_needs_as_many_queries_for_30_words_as_for_1(office: Browser, address: str) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert office.get(address).status_code == 200
        return len(captured)

    make_term("単語", "たんご0")
    count()
    first = count()
    for number in range(30):
        make_term(f"単語{number}", f"たんご{number}")
    assert count() == first


# --- The reader's page ---------------------------------------------------------------------------------------


@pytest.fixture
def reader(client: Browser) -> Browser:
    """The browser of a partner's rep, in Japanese."""
    make_client()
    return sign_in(client, make_person(make_partner(), language="ja"))


def test_readers_find_words_by_reading_in_the_order_of_the_rows(reader: Browser) -> None:
    for word, reading in (
        ("与信", "よしん"),
        ("稟議", "りんぎ"),
        ("概算", "がいさん"),
        ("KPI", ""),
    ):
        make_term(word, reading)
    make_term("旧語", "きゅうご", is_archived=True)
    page = body(reader.get("/terms/"))
    assert re.findall(r"<h2[^>]*>(.)</h2>", page) == ["か", "や", "ら", "K"]
    assert "旧語" not in page
    only = body(reader.get("/terms/", {"row": "か"}))
    assert "概算の意味" in only
    assert "与信の意味" not in only
    assert "与信の意味" in body(reader.get("/terms/", {"q": "ﾖｼﾝ"}))


def test_readers_see_their_own_language_first_and_may_choose(reader: Browser) -> None:
    make_term()
    make_term("churn", "", language="en", meaning="Customers who leave.")
    assert "Customers who leave." not in body(reader.get("/terms/"))
    assert "Customers who leave." in body(reader.get("/terms/?language=en"))
    assert "稟議の意味" in body(reader.get("/terms/?language=xx"))


def test_a_list_without_words_says_what_it_will_hold(reader: Browser) -> None:
    assert "まだ" in body(reader.get("/terms/"))
    assert reader.get("/terms/?q=%F0%9F&row=x&page=99").status_code == 200


# --- The editor's door -----------------------------------------------------------------------------------------


def post(browser: Browser, **fields: Any) -> Any:
    values = {"word": "稟議", "reading": "りんぎ", "meaning": "決め方", "language": "ja", **fields}
    return browser.post("/api/authoring/terms/", json.dumps(values), "application/json")


def test_the_editor_finds_words_and_adds_one(office: Browser) -> None:
    answer = post(office)
    assert answer.status_code == 201
    term = Term.objects.get()
    told = {"id": str(term.pk), "word": "稟議", "reading": "りんぎ", "meaning": "決め方"}
    assert told.items() <= answer.json().items()
    make_term("旧語", "きゅうご", is_archived=True)
    for asked in ("q=りん", f"id={term.pk}&id=no-id", ""):
        found = office.get(f"/api/authoring/terms/?{asked}").json()["terms"]
        assert [each["id"] for each in found] == [str(term.pk)]
    assert office.get("/api/authoring/terms/?q=none").json() == {"terms": []}


def test_the_editor_is_told_which_field_to_mend(office: Browser) -> None:
    answer = post(office, reading="")
    assert (answer.status_code, answer.json()["field"]) == (422, "reading")
    assert answer.json()["message"]
    assert post(office, meaning=["x"]).json()["field"] == "meaning"
    assert office.post("/api/authoring/terms/", "{", "application/json").status_code == 400


def test_the_editor_is_given_the_word_that_is_there_already(office: Browser) -> None:
    term = make_term()
    answer = post(office, word="稟議")
    assert (answer.status_code, answer.json()["code"]) == (422, "taken")
    assert answer.json()["term"]["id"] == str(term.pk)


# --- What is published -------------------------------------------------------------------------------------------


def test_a_publication_freezes_what_its_words_mean(author: Person) -> None:
    term = make_term()
    module = make_module(blocks=[text_block(marked(term))])
    told = {"word": "稟議", "reading": "りんぎ", "meaning": "稟議の意味"}
    assert module.version.document["terms"] == {str(term.pk): told}
    changed = Details("稟議", "りんぎ", "別の言い方。", "ja")
    actions.edit_term(actor=author, term_id=term.pk, details=changed)
    module.version.refresh_from_db()
    assert module.version.document["terms"] == {str(term.pk): told}
    with scoped(CLIENT):
        again = publish(module_id=module.pk, by=None)
    assert again.changed
    assert again.version.document["terms"][str(term.pk)]["meaning"] == "別の言い方。"


def test_a_module_without_marked_words_is_frozen_as_before_and_publishes_once() -> None:
    module = make_module()
    assert "terms" not in module.version.document
    with scoped(CLIENT):
        assert not publish(module_id=module.pk, by=None).changed


def test_a_word_that_is_gone_or_was_put_away_stays_plain_text(reader: Browser) -> None:
    away = make_term(is_archived=True)
    gone = Term(id=uuid.uuid4(), word="消えた語")
    module = make_module(blocks=[text_block(marked(away), marked(gone))])
    assert "terms" not in module.version.document
    page = body(reader.get(f"/modules/{module.pk}/"))
    assert "稟議消えた語" in page
    assert "popover" not in page


def test_a_reader_meets_the_meaning_once_in_a_module(reader: Browser) -> None:
    term = make_term()
    texts = [text_block(marked(term)), text_block(marked(term, "稟議書"))]
    page = body(reader.get(f"/modules/{make_module(blocks=texts).pk}/"))
    assert page.count(f'popovertarget="term-{term.pk}"') == 2  # opens, and closes
    assert page.count(f'id="term-{term.pk}"') == page.count("稟議の意味") == 1
    assert "<p>稟議書</p>" in page


def test_a_person_to_ask_is_shown_with_what_to_ask(reader: Browser) -> None:
    person = {"name": "三浦 聡子", "role": "当番窓口", "ask_about": "記録の送り直し", "picture": ""}
    page = body(reader.get(f"/modules/{make_module(blocks=[('person', person)]).pk}/"))
    for words in person.values():
        assert words in page


def test_explaining_nothing_asks_nothing() -> None:
    with CaptureQueriesContext(connection) as captured:
        assert queries.explained(set()) == {}
    assert not captured
