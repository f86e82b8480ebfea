"""The desk of scenarios: what it costs, what its buttons do, and that nothing is overwritten unseen."""

import dataclasses
import re
from typing import Any

import pytest
from django.test import Client

from core.scope import CLIENT, scoped
from courses.authoring.scenarios import acts, fields, mapping, rows
from courses.scenarios import reading, writing
from courses.scenarios.document import Document, Scene
from courses.scenarios.models import Scenario, ScenarioDraft
from courses.scenarios.validator import validate
from partners.models import Person
from tests.browser.author import make_author
from tests.courses.scenarios.factories import make_scenario
from tests.courses.scenarios.samples import price, publishable

DESK_QUERIES = 7


def _said(scenario: Scenario) -> Document:
    return reading.parse(ScenarioDraft.objects.get(pk=scenario.pk).document)


@pytest.fixture
def author(db: None) -> Person:
    """An author of the client."""
    with scoped(CLIENT):
        return make_author()


@pytest.fixture
def desk(author: Person) -> Client:
    """A browser of that author."""
    client = Client()
    client.force_login(author.account)
    return client


@pytest.mark.parametrize("scenes", [5, 50])
def test_the_desk_takes_the_same_statements_whatever_its_size(
    desk: Client, scenes: int, django_assert_max_num_queries: Any
) -> None:
    scenario = make_scenario(publishable(1, scenes), published=False)
    desk.get(f"/authoring/scenarios/{scenario.pk}/")
    with django_assert_max_num_queries(DESK_QUERIES) as counted:
        assert desk.get(f"/authoring/scenarios/{scenario.pk}/").status_code == 200
    assert len(counted) == DESK_QUERIES


def test_a_plain_form_saves_without_a_script(desk: Client) -> None:
    scenario = make_scenario(price(), published=False)
    revision = ScenarioDraft.objects.get(pk=scenario.pk).revision
    sent = {
        "base": revision,
        "scene": "open",
        "scene:open:text": "高い。",
        "choice:ask1:points": "７",
    }
    answer = desk.post(f"/authoring/scenarios/{scenario.pk}/edit/", sent)
    assert answer.status_code == 302
    assert _said(scenario).by_key["open"].text == "高い。"
    assert _said(scenario).choice["ask1"][1].points == 7


def test_an_older_look_at_the_same_scene_is_answered_with_both(desk: Client) -> None:
    scenario = make_scenario(price(), published=False)
    base = ScenarioDraft.objects.get(pk=scenario.pk).revision
    url = f"/authoring/scenarios/{scenario.pk}/edit/"
    desk.post(url, {"base": base, "scene:open:text": "先に書いた。"})
    sent = {"base": base, "scene:open:text": "後から書いた。"}
    answer = desk.post(url, sent, headers={"accept": "application/json"})
    assert answer.status_code == 409
    assert "先に書いた。" in answer.json()["html"]["conflict"]
    assert "後から書いた。" in answer.json()["html"]["conflict"]
    assert _said(scenario).by_key["open"].text == "先に書いた。"


@pytest.mark.parametrize("script", [True, False])
def test_whose_the_other_version_is_is_said_also_where_it_is_one_s_own(
    desk: Client, script: bool
) -> None:
    scenario = make_scenario(price(), published=False)
    with scoped(CLIENT):
        colleague = make_author(family_name="野村", given_name="亜紀")
    other = Client()
    other.force_login(colleague.account)
    url = f"/authoring/scenarios/{scenario.pk}/edit/"
    base = ScenarioDraft.objects.get(pk=scenario.pk).revision
    desk.post(url, {"base": base, "scene:open:text": "先に書いた。"})

    def told(browser: Client) -> str:
        sent = {"base": base, "scene:open:text": "後から書いた。"}
        answer = browser.post(url, sent, headers={"accept": "application/json"} if script else {})
        assert answer.status_code == 409
        return answer.json()["html"]["conflict"] if script else answer.content.decode()

    theirs, own = told(other), told(desk)
    assert "さんが" in theirs
    assert re.search(r"相手の版\s*<", theirs)
    assert "相手の版にする" in theirs
    assert re.search(r"別の画面で、あなたが\d{1,2}:\d\dに保存しました", own)
    assert re.search(r"別の画面の版\s*<", own)
    assert "別の画面の版にする" in own
    assert "相手" not in own


def test_without_a_script_what_was_typed_is_shown_in_a_form_beside_what_stands_there(
    desk: Client,
) -> None:
    scenario = make_scenario(price(), published=False)
    base = ScenarioDraft.objects.get(pk=scenario.pk).revision
    url = f"/authoring/scenarios/{scenario.pk}/edit/"
    desk.post(url, {"base": base, "scene:open:text": "先に書いた。", "scene:open:title": "題"})
    whole = {
        "scene:open:text": "後から\r\n書いた。",
        "scene:open:title": "",
        "scene:open:speaker": "佐藤部長",
    }
    page = desk.post(url, {"base": base, "scene": "open", **whole})
    assert page.status_code == 409
    form = page.content.decode()
    assert ">後から\n書いた。</textarea>" in form
    assert "先に書いた。" in form
    assert "scene:open:title" not in form, "what its author left as it was is not theirs"
    assert "scene:open:speaker" not in form
    again = desk.post(url, {"base": base + 1, "do": "save", "scene:open:text": "後から\n書いた。"})
    assert again.status_code == 302
    assert _said(scenario).by_key["open"].text == "後から\n書いた。"
    assert _said(scenario).by_key["open"].title == "題"


def test_without_a_script_what_cannot_be_kept_is_not_lost(desk: Client) -> None:
    scenario = make_scenario(price(), published=False)
    base = ScenarioDraft.objects.get(pk=scenario.pk).revision
    sent = {"base": base, "scene:open:text": "長い言葉。", "choice:ask1:points": "たくさん"}
    page = desk.post(f"/authoring/scenarios/{scenario.pk}/edit/", sent)
    assert page.status_code == 422
    form = page.content.decode()
    assert ">長い言葉。</textarea>" in form
    assert ">たくさん</textarea>" in form
    assert _said(scenario) == price()


def test_a_new_scene_is_made_and_linked_in_one_go() -> None:
    edited = fields.change({"choice:wait:to": ["+scene"]})(price())
    made = edited.document.choice["wait"][1].to
    assert made in edited.made
    assert made is not None
    assert edited.document.by_key[made].speaker == "佐藤部長"
    order = [each.key for each in edited.document.scenes]
    assert order.index(made) == order.index("open") + 1


@pytest.mark.parametrize("seed", range(20))
def test_rows_say_what_the_draft_says(seed: int) -> None:
    document = publishable(seed)
    for _scene, choice in document.choice.values():
        asked = rows.asked(choice.condition, document)
        if asked.rows is not None:
            sent = [{"what": r.what, "op": r.op, "value": r.value} for r in asked.rows]
            again = rows.condition_of(asked.join, sent, document)
            before = writing.dump_choice(choice).get("condition")
            assert (
                rows.asked(
                    reading.choice_of({"key": "aaaa", "condition": again}, "").condition, document
                )
                == asked
            )
            assert (again is None) == (before is None)
        for effect in choice.effects:
            row = rows.effect_row(effect, document)
            assert rows.effect_of(dataclasses.asdict(row), document) == writing.dump_effect(effect)


@pytest.mark.parametrize(
    ("act", "given"),
    [
        ("add_scene", ["open"]), ("add_ending", []), ("up", ["deal"]), ("down", ["open"]),
        ("drag", ["deal", "open", "before"]), ("park", ["weak"]), ("delete", ["weak"]),
        ("duplicate", ["weak"]), ("start", ["deal"]), ("limit", ["open"]), ("drop_limit", ["deal"]),
        ("add_choice", ["open"]), ("choice_up", ["wait"]), ("choice_down", ["ask1"]),
        ("copy_choice", ["ask1"]), ("move_choice", ["wait", "weak"]), ("delete_choice", ["wait"]),
        ("add_effect", ["wait"]), ("add_when", ["wait"]), ("add_route", ["wait"]),
        ("drop_effect", ["ask1", "0"]), ("drop_route", ["sign", "0"]), ("add_route_row", ["sign", "0"]),
        ("drop_route_row", ["sign", "0", "0"]), ("add_variable", []), ("drop_variable", ["trust"]),
    ],
)  # fmt: skip
def test_a_button_changes_the_draft_and_it_can_be_read_again(act: str, given: list[str]) -> None:
    edited = acts.ACTS[act].make(given)(price())
    assert edited.document != price()
    assert reading.parse(writing.dump(edited.document)) == edited.document


def test_the_map_draws_every_scene_and_the_best_way() -> None:
    drawn = mapping.draw(
        price(), validate(price()), link=lambda key: f"?scene={key}", current="deal"
    )
    assert drawn.svg.count("<rect") == len(price().scenes)
    assert drawn.svg.count("edge best") == 2
    assert 'data-scene="deal" aria-current="true"' in drawn.svg


def test_chapters_of_a_long_scenario_are_folded() -> None:
    scenes = tuple(Scene(f"s{n:03}", text="…", chapter=f"第{n // 50 + 1}章") for n in range(200))
    long = Document(title="長い", start="s000", scenes=scenes)
    drawn = mapping.draw(long, validate(long), link=str, current="s000")
    assert drawn.svg.count("<rect") == 50 + 3
    assert [name for name, is_open in drawn.chapters if is_open] == ["第1章"]
