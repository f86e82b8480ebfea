"""The editor's door to the bank."""

import json
from typing import Any

import pytest
from django.test import Client as Browser

from courses.quizzes.models import BankItem
from partners.models import Person
from tests.courses.quizzes.bank.samples import DRAFT, make_author, make_item
from tests.partners.factories import sign_in

pytestmark = pytest.mark.django_db

ITEM: dict[str, Any] = {
    "kind": "multiple",
    "stem": "どれが当てはまりますか",
    "weight": 3,
    "explanation": "比べる相手を聞く",
    "options": [
        {"key": "x1", "text": "A案", "correct": True, "explanation": "よい"},
        {"key": "x2", "text": "B案", "correct": False, "explanation": ""},
    ],
    "skills": "ヒアリング",
}


@pytest.fixture
def author() -> Person:
    """An author of the client."""
    return make_author()


@pytest.fixture
def desk(client: Browser, author: Person) -> Browser:
    """The author's browser."""
    return sign_in(client, author)


def post(desk: Browser, body: Any) -> Any:
    return desk.post("/api/authoring/bank/", data=json.dumps(body), content_type="application/json")


def test_items_are_found_as_the_editor_needs_them(desk: Browser, author: Person) -> None:
    item = make_item(author)
    make_item(author, "Q-002", stem="別の問い", skills=("話す",))
    found = desk.get("/api/authoring/bank/", {"q": "値引き", "tag": "ヒアリング"}).json()
    assert not found["more"]
    assert set(found["tags"]) == {"ヒアリング", "価格交渉", "話す", "Honami CRM"}
    assert found["items"] == [
        {
            "id": str(item.pk),
            "code": "Q-001",
            "kind": "single",
            "stem": DRAFT.stem,
            "weight": 2,
            "explanation": DRAFT.explanation,
            "options": item.options,
            "language": "ja",
            "tags": ["ヒアリング", "価格交渉", "Honami CRM"],
        }
    ]


def test_a_question_is_kept_in_the_bank(desk: Browser) -> None:
    response = post(desk, ITEM)
    assert response.status_code == 201
    item = BankItem.objects.get()
    assert response.json() == {"id": str(item.pk), "code": item.code}
    assert (item.kind, item.weight, item.skills) == ("multiple", 3, ["ヒアリング"])
    assert [option["key"] for option in item.options] == ["a", "b"]


@pytest.mark.parametrize(
    ("change", "status", "field"),
    [
        ({"stem": " "}, 422, "stem"),
        ({"options": []}, 422, "options.1.text"),
        ({"kind": "single", "options": [*ITEM["options"][:1] * 2]}, 422, "options.2.text"),
        ({"weight": 0}, 422, "weight"),
        ({"weight": 11}, 400, "weight"),
        ({"stem": 7}, 400, "stem"),
        ({"options": ["a", "b"]}, 400, "options.1"),
        ({"options": [{"text": "a", "correct": "yes"}]}, 400, "correct"),
        ({"options": [{"text": "a"}] * 9}, 400, "options"),
        ({"language": "tlh"}, 400, "language"),
    ],
)
def test_a_question_that_can_not_be_kept_says_where_to_mend_it(
    desk: Browser, change: dict[str, Any], status: int, field: str
) -> None:
    response = post(desk, ITEM | change)
    assert (response.status_code, response.json()["field"]) == (status, field)
    assert response.json()["message"]
    assert not BankItem.objects.exists()


@pytest.mark.parametrize("query", ["q=%00", "tag=a%00", "q=%ED%A0%80"])
def test_a_word_that_can_not_be_compared_is_refused(desk: Browser, query: str) -> None:
    assert desk.get(f"/api/authoring/bank/?{query}").status_code in {200, 400}


def test_a_search_takes_the_same_queries_however_many_there_are(
    desk: Browser,
    author: Person,
    django_assert_num_queries: Any,
    django_assert_max_num_queries: Any,
) -> None:
    make_item(author)
    desk.get("/api/authoring/bank/")
    with django_assert_max_num_queries(8) as one:
        desk.get("/api/authoring/bank/")
    for number in range(40):
        make_item(author, f"Q-{number}")
    with django_assert_num_queries(len(one.captured_queries)):
        found = desk.get("/api/authoring/bank/").json()
    assert (len(found["items"]), found["more"]) == (30, True)
