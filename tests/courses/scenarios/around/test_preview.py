"""A draft is tried on a phone's frame: from any scene, with any values, and nothing of it is kept."""

import dataclasses
import re
from html import unescape

import pytest
from django.test import Client as Browser
from django.urls import reverse

from courses.authoring.scenarios import trying
from courses.scenarios.conditions import Attempt
from courses.scenarios.document import Choice, Document, Route, Variable
from courses.scenarios.models import Run, RunEvent, Scenario, ScenarioEdit
from tests.courses.authoring.writing import browser_of, make_author
from tests.courses.scenarios.factories import changed, make_scenario
from tests.courses.scenarios.samples import price, publishable
from tests.partners.factories import make_partner, make_person, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def author() -> Browser:
    return browser_of(make_author(language="en"))


def look(author: Browser, scenario: Scenario, query: str = "", door: str = "phone") -> str:
    address = reverse(f"scenario_desk:{door}", args=[scenario.pk])
    response = author.get(f"{address}?language=en&{query}")
    assert response.status_code == 200
    return unescape(response.content.decode())


def test_it_begins_at_any_scene_with_any_values(author: Browser) -> None:
    scenario = make_scenario(price(), published=False)
    page = look(author, scenario, "scene=deal&v-trust=4")
    assert "では?" in page
    assert "Let 30 seconds go by" in page
    assert "信頼: 4 of 5" not in page, "only skills are shown to reps"
    assert re.search(r"信頼</dt><dd[^>]*>4<", page)
    won = look(author, scenario, "scene=deal&v-trust=4&c=sign")
    assert "It worked out" in won
    held = look(author, scenario, "scene=deal&v-trust=1&c=sign")
    assert "It worked out in part" in held
    late = look(author, scenario, "scene=deal&c=&told=1")
    assert "The time was over" in late


def test_a_whole_play_tells_why_and_ends_with_the_way(author: Browser) -> None:
    scenario = make_scenario(price(), published=False)
    told = look(author, scenario, "c=cut1&told=1")
    assert "もっと引ける?" in told
    assert "何と比べて?" in told
    assert "比べる相手が分かる。" in told
    on = re.search(r'class="btn btn-full" href="(\?[^"]+)"', told)
    assert on
    assert "どうでした?" in look(author, scenario, on[1][1:])
    end = look(author, scenario, "c=cut1&c=back&c=ask1&c=sign")
    assert "It worked out" in end
    whys = re.findall(r'href="(\?[^"]*told=1)"', end)
    assert [each.count("c=") for each in whys] == [1, 2, 3, 4]
    assert "What the ace would have done" in end


def test_nothing_is_kept_and_nothing_counted(author: Browser) -> None:
    scenario = make_scenario(price())
    edits = ScenarioEdit.objects.count()
    for query in ("", "c=ask1&told=1", "c=ask1&c=sign"):
        look(author, scenario, query)
    look(author, scenario, "", "preview")
    assert not Run.objects.exists()
    assert not RunEvent.objects.exists()
    assert ScenarioEdit.objects.count() == edits


def test_what_leads_nowhere_is_said_with_what_is_to_be_mended(author: Browser) -> None:
    dead = Choice("dead", "行き止まり", to=None)
    scenario = make_scenario(changed(price(), "weak", choices=(dead,)), published=False)
    page = look(author, scenario, "scene=weak&c=dead")
    assert "This choice leads to no scene yet." in page
    assert "Scene 2, choice 1" in page
    bare = make_scenario(changed(price(), "weak", choices=()), published=False)
    assert "Nothing can be chosen here yet." in look(author, bare, "scene=weak")
    nothing = make_scenario(Document(title="から"), published=False)
    assert "There is no scene to begin with yet." in look(author, nothing)
    assert "to be mended" in look(author, nothing, "", "preview")


def test_a_choice_that_is_gone_ends_the_play_where_it_was(author: Browser) -> None:
    scenario = make_scenario(price(), published=False)
    page = look(author, scenario, "c=cut1&c=gone&told=1")
    assert "どうでした?" in page
    assert "not offered any more" in page


def test_the_form_asks_for_each_variable_within_its_bounds(author: Browser) -> None:
    words = Variable("mood", "気分", "enum", "calm", words=("calm", "cross"))
    told = Variable("told", "伝えた", "bool", False)
    document = dataclasses.replace(price(), variables=(*price().variables, words, told))
    scenario = make_scenario(document, published=False)
    page = look(author, scenario, "scene=deal&v-trust=3&v-mood=cross&v-told=yes", "preview")
    assert re.search(r'name="v-trust" value="3" min="0" max="5"', page)
    assert re.search(r"<option selected>cross</option>", page)
    assert re.search(r'name="v-told"><option value="no">.*?<option value="yes" selected>', page)
    assert "Which try it is" not in page
    frame = re.search(r'<iframe name="phone" src="([^"]+)"', page)
    assert frame
    assert "v-trust=3&v-mood=cross&v-told=yes" in frame[1]
    asks = changed(
        price(),
        "weak",
        choices=(
            Choice("back", "もう一度。", to="open", routes=(Route(Attempt(">", 1), "lost"),)),
        ),
    )
    asking = make_scenario(asks, published=False)
    assert "Which try it is" in look(author, asking, "", "preview")
    assert "失注" in look(author, asking, "scene=weak&attempt=2&c=back")


@pytest.mark.parametrize(
    ("said", "found"),
    [(None, 1), ("", 1), ("9", 5), ("-3", 0), ("３", 3), ("two", 1), ("9" * 40, 1), ("－1", 0)],
)
def test_a_number_is_held_within_its_bounds(said: str | None, found: int) -> None:
    assert trying.value(Variable("trust", "信頼", initial=1, high=5), said) == found


@pytest.mark.parametrize("seed", range(20))
def test_every_scene_of_a_sound_scenario_can_be_tried(seed: int) -> None:
    document = publishable(seed)
    for scene in document.scenes:
        wanted = trying.asked(document, scene=scene.key, values={"trust": "2"}, attempt="2")
        play = trying.Play(trying.begun_so(document, wanted), [], 2)
        assert play.state.scene == scene.key
        assert play.state.values["trust"] == 2
        assert not play.stopped
        assert play.is_over == scene.is_ending


def test_partners_people_find_nothing_behind_it() -> None:
    scenario = make_scenario(price())
    rep = sign_in(Browser(), make_person(make_partner()))
    for door in ("preview", "phone"):
        assert rep.get(reverse(f"scenario_desk:{door}", args=[scenario.pk])).status_code in {
            403,
            404,
        }
