"""The face of an ace is seen by whoever plays what they explain, and by nobody else."""

import dataclasses
import io
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse
from PIL import Image

from core.mediafiles.actions import add_picture
from core.scope import CLIENT, scoped
from courses.authoring.scenarios import naming_aces
from courses.authoring.scenarios.models import AceLink
from courses.scenarios import reading
from courses.scenarios.document import Document, Explanation
from courses.scenarios.faults import FaultError
from courses.scenarios.models import Run, Scenario, ScenarioDraft
from partners.models import Organisation, Person
from tests.courses.authoring.writing import browser_of, make_author
from tests.courses.scenarios.factories import make_scenario, play
from tests.courses.scenarios.samples import price
from tests.partners.factories import make_client, make_partner, make_person, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def make_ace(home: Organisation, **fields: Any) -> Person:
    """Make somebody with a face who explains."""
    out = io.BytesIO()
    Image.new("RGB", (64, 64), "teal").save(out, "PNG")
    asset = add_picture(out.getvalue(), organisation_id=home.pk)
    return make_person(home, **{"roles": ["ace"], "picture_id": asset.pk} | fields)


def explained(ace: Person) -> Document:
    """The price objection, explained by this ace."""
    why = Explanation(ace=str(ace.pk), name=ace.name, why="比べる相手が分かる。")
    document = price()
    return dataclasses.replace(document, explanations={**document.explanations, "ask1": why})


def face(run: Run, ace: Person) -> str:
    return reverse("scenarios:ace_face", args=[run.pk, ace.pk])


@pytest.fixture
def ace() -> Person:
    return make_ace(make_client(), family_name="白石", given_name="千尋")


@pytest.fixture
def rep(ace: Person) -> Person:
    return make_person(make_partner())


def test_a_partner_s_rep_sees_the_ace_beside_the_explanation(ace: Person, rep: Person) -> None:
    run = play(rep, make_scenario(explained(ace)), "ask1")
    browser = sign_in(Browser(), rep)
    page = browser.get(reverse("scenarios:told", args=[run.pk, 3])).content.decode()
    assert f'src="{face(run, ace)}"' in page
    answer = browser.get(face(run, ace))
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/webp"
    assert answer["Cache-Control"] == "private, max-age=600"
    assert browser.get(f"/media/pictures/{ace.picture_id}/small/").status_code in {403, 404}


def test_whoever_doesn_t_play_it_finds_no_face(ace: Person, rep: Person) -> None:
    scenario = make_scenario(explained(ace))
    run = play(rep, scenario, "ask1")
    for other in (make_person(rep.organisation), make_person(make_partner("別の会社"))):
        assert sign_in(Browser(), other).get(face(run, ace)).status_code == 404
        mine = play(other, make_scenario(price()), "ask1")
        assert sign_in(Browser(), other).get(face(mine, ace)).status_code == 404, "names no ace"
    assert Browser().get(face(run, ace)).status_code in {302, 404}
    stranger = sign_in(Browser(), rep).get(face(run, make_ace(ace.organisation)))
    assert stranger.status_code == 404, "an ace whom the scenario doesn't name"


@pytest.mark.parametrize("change", [{"is_active": False}, {"roles": ["rep"]}, {"picture_id": None}])
def test_who_is_no_ace_any_more_has_no_face(ace: Person, rep: Person, change: Any) -> None:
    run = play(rep, make_scenario(explained(ace)), "ask1")
    with scoped(CLIENT):
        Person.objects.filter(pk=ace.pk).update(**change)
    browser = sign_in(Browser(), rep)
    assert browser.get(face(run, ace)).status_code == 404
    told = browser.get(reverse("scenarios:told", args=[run.pk, 3])).content.decode()
    assert face(run, ace) not in told
    assert ace.name in told


def test_a_partner_s_ace_is_seen_by_their_own_colleagues_only(ace: Person) -> None:
    ours, rival = make_partner("みらい営業"), make_partner("別の会社")
    theirs = make_ace(ours)
    scenario = make_scenario(explained(theirs))
    for home, status in ((ours, 200), (rival, 404)):
        rep = make_person(home)
        run = play(rep, scenario, "ask1")
        assert sign_in(Browser(), rep).get(face(run, theirs)).status_code == status


def test_an_author_picks_an_ace_and_the_name_comes_with_them(ace: Person) -> None:
    author = make_author()
    desk = browser_of(author)
    scenario = make_scenario(price(), published=False)
    page = desk.get(f"/authoring/scenarios/{scenario.pk}/?scene=open").content.decode()
    assert f'<option value="{ace.pk}">{ace.name}</option>' in page

    def save(**sent: object) -> int:
        base = ScenarioDraft.objects.get(pk=scenario.pk).revision
        url = f"/authoring/scenarios/{scenario.pk}/edit/"
        return desk.post(url, {"base": base, "do": "save"} | sent).status_code

    assert save(**{"why:ask1:ace": str(ace.pk), "why:ask1:name": "田中"}) == 302
    assert _why(scenario, "ask1") == Explanation(
        ace=str(ace.pk), name=ace.name, why="比べる相手が分かる。"
    )
    assert save(**{"why:ask1:ace": str(ace.pk), "why:ask1:name": "千尋さん"}) == 302
    assert _why(scenario, "ask1").name == "千尋さん", "a name that was typed stays"
    assert save(**{"why:ask1:ace": str(author.pk)}) == 422, "no ace"
    assert save(**{"why:ask1:ace": ""}) == 302
    assert _why(scenario, "ask1").ace is None
    preview = reverse("scenario_desk:phone", args=[scenario.pk])
    assert "What it brought" in desk.get(f"{preview}?c=wait&told=1&language=en").content.decode()


def test_who_is_asked_by_a_link_may_be_picked(ace: Person) -> None:
    desk = browser_of(make_author())
    scenario = make_scenario(price(), published=False)
    door = reverse("scenario_desk:aces", args=[scenario.pk])
    assert desk.post(door, {"about": "cut1", "person": str(ace.pk)}).status_code == 200
    assert _why(scenario, "cut1") == Explanation(ace=str(ace.pk), name=ace.name)
    assert desk.post(door, {"about": "cut1", "person": str(ace.pk)}).status_code == 200
    assert set(AceLink.objects.values_list("name", flat=True)) == {ace.name}
    assert desk.post(door, {"about": "cut1", "name": "田中"}).status_code == 200
    assert _why(scenario, "cut1").name == ace.name, "a link for somebody else changes nothing yet"
    assert desk.post(door, {"about": "cut1"}).status_code == 422
    assert desk.post(door, {"about": "cut1", "person": str(uuid.uuid4())}).status_code == 422
    assert AceLink.objects.count() == 3


def _why(scenario: Scenario, key: str) -> Explanation:
    return reading.parse(ScenarioDraft.objects.get(pk=scenario.pk).document).explanations[key]


def test_nobody_is_picked_who_cannot_be_seen(ace: Person) -> None:
    with pytest.raises(FaultError):
        naming_aces.with_names(make_author(), price(), {"why:ask1:ace": [str(uuid.uuid4())]})
    with pytest.raises(FaultError):
        naming_aces.with_names(make_author(), price(), {"why:ask1:ace": ["nobody"]})
