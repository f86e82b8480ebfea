"""Pages of what people did: every number is what the log says, few people are held back, queries stay constant."""

from __future__ import annotations

import csv
import datetime as dt
import html
import io
import re
import uuid
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from analytics.scenarios import actions
from analytics.scenarios.forms import FilterForm
from analytics.scenarios.queries.told import Published
from core.mediafiles.actions import add_picture
from courses.scenarios.models import RunEvent, Scenario
from partners.models import Person
from tests.courses.scenarios.factories import changed, make_scenario, play, republish
from tests.courses.scenarios.samples import price
from tests.partners.factories import make_client, make_partner, make_person, make_team, sign_in

pytestmark = pytest.mark.django_db

WAYS = (("wait", "flee"), ("ask1", "sign"), ("cut1", "quit"), ("cut1", "back", "ask1", "sign"))


@pytest.fixture
def scenario() -> Scenario:
    return make_scenario()


@pytest.fixture
def reps(scenario: Scenario) -> list[Person]:
    """Eight reps of a partner, each of whom played once; one replayed, one stands in the middle."""
    partner = make_partner("みらい営業")
    team = make_team(partner, "第1チーム")
    people = [make_person(partner, team=team, family_name=f"担当{n}") for n in range(8)]
    for n, rep in enumerate(people[:7]):
        play(rep, scenario, *WAYS[n % 4])
    play(people[0], scenario, "ask1", "sign")
    play(people[7], scenario, "cut1")
    actions.mend()
    return people


def page(browser: Browser, scenario: Scenario, name: str = "scenario", **query: Any) -> str:
    answer = browser.get(reverse(f"scenario_figures:{name}", args=[scenario.pk]), query)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def manager(reps: list[Person]) -> Browser:
    return sign_in(Browser(), make_person(reps[0].organisation, roles=["manager"]))


def office(role: str = "admin") -> Browser:
    return sign_in(Browser(), make_person(make_client(), roles=[role]))


def numbers(browser: Browser, scenario: Scenario, **query: Any) -> list[dict[str, str]]:
    answer = browser.get(reverse("scenario_figures:numbers_csv", args=[scenario.pk]), query)
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_each_number_is_a_recount_from_the_log_and_opens_just_those_runs(scenario, reps):
    browser = manager(reps)
    rows = numbers(browser, scenario)
    assert len(rows) == 6 + 7
    keys = iter(
        (scene.key, choice.key if choice else "")
        for scene in price().scenes
        for choice in (None, *scene.choices)
    )
    for row, (scene, choice) in zip(rows, keys, strict=True):
        log = RunEvent.objects.filter(scene=scene)
        log = (
            log.filter(kind="choice_made", choice=choice)
            if choice
            else log.filter(kind="scene_entered")
        )
        counted = log.values("run").distinct()
        assert int(row["回"]) == counted.count() == int(row["来た・選んだ"])
        failed = counted.filter(run__outcome="fail").count()
        if row["失敗した"]:
            assert int(row["失敗した"]) == failed
            assert int(row["失敗した：n"]) == counted.filter(run__state="finished").count()
        for kind, n in (("came", int(row["回"])), ("failed", failed)):
            listed = page(browser, scenario, "runs", scene=scene, choice=choice, kind=kind)
            assert listed.count('class="rowlink"') == n, (scene, choice, kind)
    call_command("check_scenarios")


def test_map_sentences_and_table_say_the_same(scenario, reps):
    shown = page(manager(reps), scenario, measure="failed")
    assert "8人、9回" in shown
    # Of nine at the start one is open, and four of eight failed.
    assert 'aria-label="1 高いですね。, 失敗した: 8回中4回（50%、95%区間 22〜78%）"' in shown
    assert "8回中4回（50%、95%区間 22〜78%）" in shown.split("<table")[1]
    assert '<title id="map-t">' in shown
    assert "少なくて言えません（n=3）" in shown
    first = page(manager(reps), scenario, runs="first")
    assert "8人、8回" in first
    again = page(manager(reps), scenario, runs="later")
    assert "1人、1回" in again


def test_versions_are_one_by_one_or_merged_while_the_words_are_the_same(scenario, reps):
    first = scenario.version_id
    old = price()
    choice = old.by_key["open"].choices[1]
    reworded = type(choice)(**{**_fields(choice), "text": "3%引きます。"})
    choices = (old.by_key["open"].choices[0], reworded, old.by_key["open"].choices[2])
    republish(scenario, changed(old, "open", choices=choices))
    play(reps[1], scenario, "cut1", "quit")
    actions.mend()
    browser = manager(reps)
    merged = {(row["場面"], row["選択肢"]): row for row in numbers(browser, scenario)}
    assert merged["1 高いですね。", ""]["回"] == "10"
    assert merged["1 高いですね。", "3%引きます。"]["来た・選んだ：n"] == "1"
    listed = page(browser, scenario, "runs", scene="open", choice="cut1")
    assert listed.count('class="rowlink"') == 1
    before = {(row["選択肢"]): row for row in numbers(browser, scenario, version=first)}
    assert before["5%引きます。"]["回"] == "4"


def _fields(value: Any) -> dict[str, Any]:
    return {name: getattr(value, name) for name in type(value).__dataclass_fields__}


def test_a_version_is_of_the_day_on_which_it_came_out_here():
    at = dt.datetime(2026, 3, 31, 15, 30, tzinfo=dt.UTC)  # half past midnight in Tokyo
    viewer = make_person(make_client(), roles=["admin"])
    form = FilterForm({}, viewer=viewer, today=at.date(), versions=[Published(uuid.uuid4(), 1, at)])
    assert "2026/04/01" in str(form["version"])


def test_managers_see_their_own_people_and_names_go_to_those_who_see_progress(scenario, reps):
    rival = make_partner("北斗販売")
    for n in range(5):
        play(make_person(rival, family_name=f"他社{n}"), scenario, "wait", "flee")
    actions.mend()
    mine, other = manager(reps), sign_in(Browser(), make_person(rival, roles=["manager"]))
    assert "担当0" in page(mine, scenario, "runs")
    assert "他社" not in page(mine, scenario, "runs")
    assert "5人、5回" in page(other, scenario)
    run = reps[0].scenario_runs.first()
    way = reverse("scenario_figures:run", args=[scenario.pk, run.pk])
    assert other.get(way).status_code == 404
    assert "出直します。" in mine.get(way).content.decode()
    both = page(office("sales_manager"), scenario, "runs")
    assert "担当0" in both
    assert "他社0" in both
    author = office("author")
    unnamed = page(author, scenario, "runs")
    assert unnamed.count('class="rowlink"') == 14
    for word in ("担当", "他社", "みらい営業"):
        assert word not in re.sub(r"<form.*?</form>", "", unnamed, flags=re.DOTALL)
        assert word not in author.get(way).content.decode()
    few = page(author, scenario, "runs", scene="weak", kind="failed")
    assert "人数が少ないため、一覧を表示しません" in few
    assert sign_in(Browser(), reps[0]).get(way).status_code == 404


def test_few_people_of_others_are_held_back_also_from_the_difference(scenario, reps):
    small, next_small = make_partner("少人数"), make_partner("北斗販売")
    for n in range(6):
        play(make_person(next_small), scenario, "wait", "flee")
        if n < 3:
            play(make_person(small), scenario, "wait", "flee")
    actions.mend()
    browser = office()
    held = "人数が少ないため、数字を表示しません"
    assert held not in page(browser, scenario)
    for partner in (small, next_small):
        for name in ("scenario", "runs"):
            assert held in page(browser, scenario, name, organisation=partner.pk)
        url = reverse("scenario_figures:numbers_csv", args=[scenario.pk])
        assert browser.get(url, {"organisation": partner.pk}).status_code == 404
    assert held not in page(browser, scenario, organisation=reps[0].organisation_id)
    own = sign_in(Browser(), make_person(small, roles=["manager"]))
    assert "3人、3回" in page(own, scenario)


def test_pages_ask_the_same_number_of_times_however_much_was_played(scenario, reps):
    browser = manager(reps)

    def asked() -> list[int]:
        found = []
        for name in ("scenarios", "scenario", "runs", "numbers_csv"):
            url = reverse(
                f"scenario_figures:{name}", args=[] if name == "scenarios" else [scenario.pk]
            )
            browser.get(url)
            with CaptureQueriesContext(connection) as queries:
                assert browser.get(url).status_code == 200
            found.append(len(queries))
        return found

    before = asked()
    for rep in reps:
        play(
            rep,
            scenario,
            "back" if rep is reps[7] else "wait",
            "ask1" if rep is reps[7] else "flee",
        )
    second = make_scenario()
    play(reps[0], second, "wait")
    actions.mend()
    assert asked() == before


def test_nothing_played_and_not_yet_counted_say_so(scenario):
    browser = office()
    assert "まだだれも進めていません" in page(browser, scenario)
    assert (
        "まだだれもシナリオを進めていません" in browser.get("/reports/scenarios/").content.decode()
    )
    assert "この条件の回はありません" in page(browser, scenario, runs="first")
    own = make_person(make_client(), roles=["rep"])
    play(own, scenario, "wait")
    assert "人数が少ないため" in page(browser, scenario)
    mine = {"organisation": own.organisation_id}
    assert "集計しています" in page(browser, scenario, **mine)
    url = reverse("scenario_figures:runs", args=[scenario.pk])
    for query in ({"scene": "nowhere"}, {"kind": "odd"}, {"choice": "wait"}, {"period": "x"}):
        assert browser.get(url, query).status_code == 404


def test_faces_of_those_who_played_load_for_whoever_looks(scenario, reps, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    out = io.BytesIO()
    Image.new("RGB", (300, 300)).save(out, "JPEG")
    rep = reps[0]
    rep.picture_id = add_picture(out.getvalue(), organisation_id=rep.organisation_id).pk
    rep.save()
    mine, run = manager(reps), rep.scenario_runs.first()
    way = mine.get(reverse("scenario_figures:run", args=[scenario.pk, run.pk])).content.decode()
    for shown in (page(mine, scenario, "runs"), way):
        found = set(re.findall(r'src="(/media/[^"]+)"', shown))
        assert found
        assert all(mine.get(html.unescape(url)).status_code == 200 for url in found)
