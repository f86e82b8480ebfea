"""The phone's doors of runs: one choice, what was played without network, notes, and the package that is kept."""

import json
import uuid
from typing import Any

import pytest
from django.test import Client

from courses.scenarios.actions.running import start
from courses.scenarios.models import Run, RunEvent, Scenario
from partners.models import Person
from tests.courses.scenarios.factories import make_scenario, play
from tests.courses.scenarios.samples import price
from tests.partners.factories import make_client, make_partner, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def rep() -> Person:
    make_client()
    return make_person(make_partner(), language="en")


@pytest.fixture
def browser(client: Client, rep: Person) -> Client:
    client.force_login(rep.account)
    return client


def _act(scene: str, choice: str, **fields: object) -> dict[str, object]:
    return {"key": str(uuid.uuid4()), "scene": scene, "choice": choice, "ms": 900, **fields}


def _send(
    browser: Client, scenario: Scenario, run_id: uuid.UUID, base: int, *acts: object, **fields: Any
) -> Any:
    body = {"base": base, "acts": list(acts), "version": str(scenario.version_id)} | fields
    return browser.post(
        f"/api/scenarios/{scenario.pk}/runs/{run_id}/", body, content_type="application/json"
    )


def test_a_choice_is_sent_once_and_told(browser: Client, rep: Person) -> None:
    scenario = make_scenario(price())
    run = start(person=rep, scenario_id=scenario.pk).run
    act = _act("open", "cut1")
    first = _send(browser, scenario, run.pk, 2, act)
    assert first.status_code == 200
    assert first.json()["url"] == f"/runs/{run.pk}/told/3/"
    again = _send(browser, scenario, run.pk, 2, act).json()
    assert again | {"received_at": ""} == first.json() | {"received_at": ""}
    late = _send(browser, scenario, run.pk, 2, _act("open", "wait"))
    assert (late.status_code, late.json()["code"]) == (409, "moved")
    assert late.json()["url"].endswith("/scenario/?moved=1")
    assert RunEvent.objects.filter(kind="choice_made").count() == 1


def test_what_was_played_without_network_is_taken_once(browser: Client, rep: Person) -> None:
    scenario, run_id = make_scenario(price()), uuid.uuid4()
    acts = [_act("open", "cut1"), _act("weak", "back"), _act("open", "ask1"), _act("deal", "sign")]
    for _ in range(2):
        told = _send(browser, scenario, run_id, 2, *acts, offline=True)
        assert told.json()["url"] == f"/runs/{run_id}/"
    assert Run.objects.get().outcome == "success"
    assert RunEvent.objects.filter(kind="choice_made").count() == 4
    assert RunEvent.objects.filter(kind="choice_made").first().data == {"ms": 900}


def test_a_run_that_went_on_elsewhere_takes_nothing(browser: Client, rep: Person) -> None:
    scenario = make_scenario(price())
    run = play(rep, scenario, "cut1", "back")
    late = _send(browser, scenario, run.pk, 2, _act("open", "wait"), offline=True)
    assert late.status_code == 409
    assert late.json()["state"]["turn"] == 6
    page = browser.get(late.json()["url"]).content.decode()
    assert "be added to it" in page
    other = _send(browser, scenario, uuid.uuid4(), 2, _act("open", "wait"), offline=True)
    assert other.status_code == 409
    assert Run.objects.count() == 1
    assert RunEvent.objects.filter(choice="wait").count() == 0


def test_what_does_not_fit_ends_the_delivery(browser: Client, rep: Person) -> None:
    scenario, run_id = make_scenario(price()), uuid.uuid4()
    acts = [_act("open", "wait"), _act("deal", "nope"), _act("deal", "flee")]
    told = _send(browser, scenario, run_id, 2, *acts, offline=True).json()
    assert (told["refused"], told["reason"]) == (True, "This can't be chosen here.")
    assert list(RunEvent.objects.filter(kind="choice_made").values_list("choice", flat=True)) == [
        "wait"
    ]


def test_an_id_that_a_rivals_phone_made_is_a_missing_run(browser: Client, rep: Person) -> None:
    scenario = make_scenario(price())
    theirs = start(person=make_person(make_partner()), scenario_id=scenario.pk).run.pk
    missing = _send(browser, scenario, uuid.uuid4(), 2, _act("open", "wait")).json()
    note = {"key": str(uuid.uuid4()), "kind": "explanation_opened", "about": "ask1"}
    url = f"/api/runs/{theirs}/notes/"
    for answer in (
        _send(browser, scenario, theirs, 2, _act("open", "wait"), offline=True),
        _send(browser, scenario, theirs, 2, _act("open", "wait")),
        browser.post(url, note, content_type="application/json"),
    ):
        assert answer.status_code == 404
        assert answer.json() | {"request_id": ""} == missing | {"request_id": ""}
    assert not Run.objects.exclude(pk=theirs).exists()
    assert RunEvent.objects.filter(kind="choice_made").count() == 0


def test_an_exam_is_played_online_only(browser: Client, rep: Person) -> None:
    scenario = make_scenario(price(mode="exam"))
    assert browser.get(f"/api/modules/{scenario.module_id}/scenario/").status_code == 404
    run = start(person=rep, scenario_id=scenario.pk).run
    refused = _send(browser, scenario, run.pk, 2, _act("open", "wait"), offline=True)
    assert refused.status_code == 422
    told = _send(browser, scenario, run.pk, 2, _act("open", "wait"))
    assert (told.status_code, told.json()["state"]) == (200, None)
    page = browser.get(f"/modules/{scenario.module_id}/scenario/").content.decode()
    assert 'data-state=""' in page
    assert "<template data-view" not in page


@pytest.mark.parametrize(
    "fields",
    [{"acts": "x"}, {"acts": []}, {"acts": [1]}, {"base": "x"}, {"acts": [{"scene": 1}]}],
)
def test_a_body_that_is_none_is_refused(
    browser: Client, rep: Person, fields: dict[str, object]
) -> None:
    scenario = make_scenario(price())
    run = start(person=rep, scenario_id=scenario.pk).run
    body = {"base": 2, "acts": [_act("open", "wait")]} | fields
    url = f"/api/scenarios/{scenario.pk}/runs/{run.pk}/"
    assert browser.post(url, body, content_type="application/json").status_code == 400


def test_the_package_tells_no_points(browser: Client, rep: Person) -> None:
    scenario = make_scenario(price())
    body = browser.get(f"/api/modules/{scenario.module_id}/scenario/").json()
    assert body["version"] == str(scenario.version_id)
    assert "points" not in json.dumps(body)
    assert browser.get(f"/api/modules/{uuid.uuid4()}/scenario/").status_code == 404


def test_what_is_read_is_noted_once(browser: Client, rep: Person) -> None:
    scenario = make_scenario(price())
    run = play(rep, scenario, "ask1")
    note = {"about": "ask1", "kind": "explanation_opened", "key": str(uuid.uuid4())}
    for fields in (note, note, note | {"kind": "video_progress", "percent": 50}):
        told = browser.post(f"/api/runs/{run.pk}/notes/", fields, content_type="application/json")
        assert told.status_code == 200
    assert RunEvent.objects.filter(kind="explanation_opened").count() == 1
    bad = note | {"kind": "finished", "key": str(uuid.uuid4())}
    assert (
        browser.post(f"/api/runs/{run.pk}/notes/", bad, content_type="application/json").status_code
        == 422
    )
