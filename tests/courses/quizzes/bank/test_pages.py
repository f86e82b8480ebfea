"""Pages of the bank: who may see it, finding, writing, editing without losing anything."""

import dataclasses
from typing import Any

import pytest
from django.test import Client as Browser

from courses.progress.publishing import publish
from courses.quizzes.bank import actions, queries
from courses.quizzes.models import BankItem
from partners.models import Person
from tests.courses.factories import make_module, single
from tests.courses.quizzes.bank.samples import DRAFT, make_author, make_item
from tests.partners.factories import make_partner, make_person, sign_in

pytestmark = pytest.mark.django_db

FORM = {
    "kind": "single",
    "stem": "誰と比べていますか",
    "option_A": "他社",
    "why_A": "",
    "option_B": "自社",
    "right": ["A"],
    "weight": "２",
    "skills": "ヒアリング、質問",
    "products": "",
    "language": "ja",
    "code": "",
}


@pytest.fixture
def author() -> Person:
    """An author of the client."""
    return make_author()


@pytest.fixture
def desk(client: Browser, author: Person) -> Browser:
    """The author's browser."""
    return sign_in(client, author)


def test_a_new_item_is_written_without_a_script(desk: Browser) -> None:
    assert desk.get("/authoring/bank/new/").status_code == 200
    response = desk.post("/authoring/bank/new/", FORM)
    assert (response.status_code, response["Location"]) == (302, "/authoring/bank/")
    item = BankItem.objects.get()
    assert (item.weight, item.skills, item.products) == (2, ["ヒアリング", "質問"], [])
    assert item.code.startswith("Q-")
    assert item.options == [
        {"key": "a", "text": "他社", "correct": True, "explanation": ""},
        {"key": "b", "text": "自社", "correct": False, "explanation": ""},
    ]


def test_what_was_typed_stays_and_problems_stand_at_their_fields(desk: Browser) -> None:
    response = desk.post(
        "/authoring/bank/new/", FORM | {"right": ["A", "C"], "stem": "", "option_G": "七つ目"}
    )
    assert response.status_code == 422
    errors = response.context["form"].errors
    assert set(errors) == {"stem", "right"}
    page = response.content.decode()
    assert 'value="他社"' in page
    assert '<details class="fold" open>' in page, "an option that is folded away is shown"
    assert not BankItem.objects.exists()


def test_signs_that_can_not_be_stored_are_told_at_their_field(desk: Browser) -> None:
    response = desk.post("/authoring/bank/new/", FORM | {"stem": "a\x00b", "option_B": "b\x1b"})
    assert set(response.context["form"].errors) == {"stem", "option_B"}


def test_two_items_can_not_have_one_code(desk: Browser, author: Person) -> None:
    make_item(author, "Q-1")
    response = desk.post("/authoring/bank/new/", FORM | {"code": "ｑ-1"})
    assert list(response.context["form"].errors) == ["code"]


def test_true_or_false_begins_with_its_two_options_and_leaves_it_open_which_is_right(
    desk: Browser,
) -> None:
    answer = desk.get("/authoring/bank/new/?kind=truefalse")
    assert answer.context["form"].initial["right"] == []
    page = answer.content.decode()
    assert 'value="そのとおり"' in page
    assert 'value="ちがう"' in page


def test_an_item_is_changed_and_its_history_kept(desk: Browser, author: Person) -> None:
    item = make_item(author)
    address = f"/authoring/bank/{item.pk}/"
    form = {k: v or "" for k, v in desk.get(address).context["form"].initial.items()}
    assert form["stem"] == DRAFT.stem
    assert desk.post(address, form).status_code == 302
    assert BankItem.objects.get().changed_at == item.changed_at, "nothing changed"
    assert desk.post(address, form | {"stem": "新しい問い"}).status_code == 302
    after = BankItem.objects.get()
    assert (after.stem, after.options) == ("新しい問い", item.options)
    events = after.events.order_by("pgh_id")  # type: ignore[attr-defined]
    assert [event.stem for event in events] == [DRAFT.stem, "新しい問い"]


def test_a_change_of_somebody_else_is_never_overwritten_unseen(
    desk: Browser, author: Person
) -> None:
    item = make_item(author)
    address = f"/authoring/bank/{item.pk}/"
    form = {k: v or "" for k, v in desk.get(address).context["form"].initial.items()}
    theirs = dataclasses.replace(DRAFT, stem="同僚の問い")
    actions.edit_item(actor=author, item_id=item.pk, draft=theirs, seen=item.changed_at.isoformat())
    response = desk.post(address, form | {"stem": "わたしの問い"})
    page = response.content.decode()
    assert response.status_code == 422
    assert "同僚の問い" in page
    assert "わたしの問い" in page
    assert BankItem.objects.get().stem == "同僚の問い"
    again = form | {"stem": "わたしの問い", "seen": response.context["seen"]}
    assert desk.post(address, again).status_code == 302
    assert BankItem.objects.get().stem == "わたしの問い"


def test_an_archived_item_leaves_the_list_and_comes_back(desk: Browser, author: Person) -> None:
    item = make_item(author)
    desk.post(f"/authoring/bank/{item.pk}/archive/", {"archived": "yes"})
    assert DRAFT.stem not in desk.get("/authoring/bank/").content.decode()
    assert DRAFT.stem in desk.get("/authoring/bank/?archived=yes").content.decode()
    assert not queries.picked(author, "", "")
    desk.post(f"/authoring/bank/{item.pk}/archive/", {"archived": "no"})
    assert DRAFT.stem in desk.get("/authoring/bank/").content.decode()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=値引", {"Q-1"}),
        ("q=ﾋｱﾘﾝｸﾞ", {"Q-1", "Q-2"}),
        ("q=ひありんぐ 価格", {"Q-1"}),
        ("q=q-2", {"Q-2"}),
        ("tag=Honami CRM", {"Q-1"}),
        ("tag=ヒアリング&kind=multiple", {"Q-2"}),
        ("tag=ない", {"Q-1", "Q-2"}),
        ("kind=nonsense&page=99", {"Q-1", "Q-2"}),
        ("q=ない", set()),
    ],
)
def test_items_are_found_by_word_tag_and_kind(
    desk: Browser, author: Person, query: str, found: set[str]
) -> None:
    make_item(author, "Q-1")
    make_item(author, "Q-2", kind="multiple", stem="二つ選ぶ", skills=("ヒアリング",), products=())
    rows = desk.get(f"/authoring/bank/?{query}").context["rows"]
    assert {row.item.code for row in rows} == found


def use(module: Any, item: BankItem) -> None:
    """Put a copy of an item into the draft of a module's quiz."""
    block = module.blocks.get(kind="quiz")
    block.data = {"items": [single("q001", bank=str(item.pk)), single("q002")]}
    block.save()


def test_an_item_knows_in_which_modules_it_is_used(desk: Browser, author: Person) -> None:
    item, other = make_item(author), make_item(author, "Q-002")
    drafted, published, archived = make_module(), make_module(), make_module(is_archived=True)
    for module in (drafted, published, archived):
        use(module, item)
    publish(module_id=published.pk, by=None)
    block = published.blocks.get(kind="quiz")
    block.data = {"items": [single("q009")]}
    block.save()
    assert queries.uses([item.pk, other.pk]) == {item.pk: 2}
    modules = desk.get(f"/authoring/bank/{item.pk}/").context["modules"]
    assert set(modules) == {drafted, published}


def test_the_list_takes_the_same_queries_for_one_and_for_thirty(
    desk: Browser,
    author: Person,
    django_assert_num_queries: Any,
    django_assert_max_num_queries: Any,
) -> None:
    make_item(author)
    desk.get("/authoring/bank/")
    with django_assert_max_num_queries(11) as one:
        desk.get("/authoring/bank/")
    for number in range(29):
        use(make_module(), make_item(author, f"Q-{number}"))
    with django_assert_num_queries(len(one.captured_queries)):
        assert len(desk.get("/authoring/bank/").context["rows"]) == 30


def test_nobody_but_the_clients_authors_and_admins_sees_the_bank(author: Person) -> None:
    item = make_item(author)
    partner = make_partner()
    for person in (
        make_person(partner, roles=["author"]),
        make_person(partner, roles=["admin"]),
        make_person(author.organisation, roles=["rep"]),
    ):
        browser = sign_in(Browser(), person)
        for address in ("", "new/", "import/", "items.csv", "items.xlsx", f"{item.pk}/"):
            assert browser.get(f"/authoring/bank/{address}").status_code == 404, address
        assert browser.get("/api/authoring/bank/").status_code == 404
        assert browser.post("/authoring/bank/new/", FORM).status_code == 404
    assert BankItem.objects.count() == 1
