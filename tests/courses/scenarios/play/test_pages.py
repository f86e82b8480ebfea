"""Pages of playing, without script: what they show, what they cost, and what a form that comes twice or late does."""

import dataclasses
import re
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.models import Delivery
from core.outbox import drain
from core.scope import CLIENT, scoped
from courses.scenarios.actions import publishing, settling
from courses.scenarios.actions.running import start
from courses.scenarios.document import Explanation, Limit
from courses.scenarios.models import Run, RunEvent, Scenario
from gamification.queries import own
from partners.models import Person
from tests.courses.scenarios.factories import changed, make_scenario, play, republish
from tests.courses.scenarios.samples import price, two_best
from tests.partners.factories import make_client, make_partner, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def rep() -> Person:
    make_client()
    return make_person(make_partner(), language="en")


@pytest.fixture
def scenario(rep: Person) -> Scenario:
    return make_scenario(price(back="rewind"))


@pytest.fixture
def browser(client: Client, rep: Person) -> Client:
    client.force_login(rep.account)
    return client


def _here(scenario: Scenario) -> str:
    return f"/modules/{scenario.module_id}/scenario/"


def _form(page: Any, **fields: object) -> dict[str, object]:
    """What the page's form of choices would send."""
    text = page.content.decode()
    names = ("expected_seq", "scene", "key")
    found = {name: re.search(rf'name="{name}" value="([^"]*)"', text) for name in names}
    return {name: match[1] for name, match in found.items() if match} | fields


def _settle() -> None:
    """Let all news that is waiting be heard."""
    for _ in range(4):
        for pk, queue in Delivery.objects.filter(state="pending").values_list("pk", "queue"):
            drain([pk], queue)


def _choose(browser: Client, scenario: Scenario, choice: str) -> Any:
    page = browser.get(_here(scenario))
    run = Run.objects.get(state="open")
    return browser.post(f"/runs/{run.pk}/choose/", _form(page, choice=choice))


def test_it_is_played_to_an_ending_by_forms_alone(browser: Client, scenario: Scenario) -> None:
    assert "To the scenario" in browser.get(f"/modules/{scenario.module_id}/").content.decode()
    assert "Begin" in browser.get(_here(scenario)).content.decode()
    browser.post(_here(scenario))
    page = browser.get(_here(scenario)).content.decode()
    assert "高いですね。" in page
    assert "もっと引ける?" not in page
    assert "比べる相手が分かる。" not in page
    told = browser.get(_choose(browser, scenario, "cut1").url).content.decode()
    assert "もっと引ける?" in told
    assert "何と比べて?" in told
    assert "比べる相手が分かる。" in told
    browser.get(_choose(browser, scenario, "back").url)
    _choose(browser, scenario, "ask1")
    last = browser.get(_choose(browser, scenario, "sign").url).content.decode()
    run = Run.objects.get()
    assert f"/runs/{run.pk}/" in last
    _settle()
    end = browser.get(f"/runs/{run.pk}/").content.decode()
    for words in ("It worked out", "成約", "25 of 100", "What to try next", "pt"):
        assert words in end, words
    assert "聞く力: 0 of 10" in end, "the meter stands as it stood in the scenes"
    assert 'Best moves where <span lang="ja">聞く力</span> was asked for</dt>' in end
    assert '<dd class="num">0 of 1<' in end
    assert "Play again" in browser.get(f"/modules/{scenario.module_id}/").content.decode()
    assert "Begun again" not in browser.get("/learn/").content.decode()
    browser.post(_here(scenario))
    assert "Begun again" in browser.get("/learn/").content.decode()


def test_a_best_choice_leads_on_and_is_not_set_right(browser: Client, rep: Person) -> None:
    scenario = make_scenario(two_best(back="rewind"))
    browser.post(_here(scenario))
    told = browser.get(_choose(browser, scenario, "wait").url).content.decode()
    assert "Your choice: the best move here" in told
    assert "何と比べて?" not in told
    assert "Play this scene again" not in told
    assert "To the next scene" in told


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"mode": "exam", "pass_mark": 70}, "reach a good ending with at least 70 of 100."),
        ({"mode": "exam"}, "To pass: reach a good ending."),
        ({}, "No hurry"),
    ],
)
def test_what_passes_is_said_before_it_begins(
    browser: Client, rep: Person, settings: dict[str, object], words: str
) -> None:
    page = browser.get(_here(make_scenario(price(**settings)))).content.decode()
    assert words in page
    assert page.count("To pass") == ("mode" in settings)


def test_before_it_begins_it_says_how_long_it_takes_and_what_it_earns(
    browser: Client, scenario: Scenario
) -> None:
    page = browser.get(_here(scenario)).content.decode()
    assert "3 min" in page
    assert "Finishing it brings 20 pt, each best choice another 5 pt" in page


def test_a_modules_page_says_what_its_scenario_earns_until_it_is_finished(
    browser: Client, scenario: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = "Finishing it brings 20 pt, each best choice another 5 pt"
    assert words in browser.get(_here(scenario)).content.decode()
    address = f"/modules/{scenario.module_id}/"
    with monkeypatch.context() as never:
        # Nothing is looked up for it: the page knows already that it isn't finished.
        never.setattr(own, "earned_by_module", pytest.fail)
        assert browser.get(address).content.decode().count(words) == 1
        browser.post(_here(scenario))
        assert words in browser.get(address).content.decode()
    for choice in ("ask1", "sign"):
        _choose(browser, scenario, choice)
    _settle()
    assert "Finishing it brings" not in browser.get(address).content.decode()


def test_a_modules_page_says_its_title_and_summary_once(browser: Client, rep: Person) -> None:
    document = dataclasses.replace(price(), summary="部長は渋い顔です。")
    for title, times in (("値引きの要求", 1), ("別の題", 2)):
        module_fields = {"title": title, "summary": document.summary}
        scenario = make_scenario(document, **module_fields)
        page = browser.get(f"/modules/{scenario.module_id}/").content.decode()
        main = page[page.index("<main") :]
        assert len(re.findall(r"<h[12][^>]*>(?:値引きの要求|別の題)<", main)) == times
        assert main.count("部長は渋い顔です。") == 1


def test_an_old_form_is_answered_with_where_the_run_stands(
    browser: Client, scenario: Scenario
) -> None:
    browser.post(_here(scenario))
    old = _form(browser.get(_here(scenario)), choice="wait")
    run = Run.objects.get()
    first: Any = browser.post(f"/runs/{run.pk}/choose/", old)
    again: Any = browser.post(f"/runs/{run.pk}/choose/", old)
    assert again.url == first.url
    late = browser.post(f"/runs/{run.pk}/choose/", old | {"key": uuid.uuid4(), "choice": "ask1"})
    assert late.status_code == 409
    assert "では?" in late.content.decode()
    assert "Nothing was counted twice" in late.content.decode()
    assert RunEvent.objects.filter(kind="choice_made").count() == 1
    _choose(browser, scenario, "flee")
    over: Any = browser.post(f"/runs/{run.pk}/choose/", old | {"key": uuid.uuid4()})
    assert over.url == f"/runs/{run.pk}/"


@pytest.mark.parametrize(
    "fields", [{"choice": "sign"}, {"key": "x"}, {"expected_seq": ""}, {"scene": "deal"}]
)
def test_a_form_that_does_not_fit_writes_nothing(
    browser: Client, scenario: Scenario, fields: dict[str, str]
) -> None:
    browser.post(_here(scenario))
    form = _form(browser.get(_here(scenario)), choice="ask1") | fields
    assert browser.post(f"/runs/{Run.objects.get().pk}/choose/", form).status_code == 409
    assert not RunEvent.objects.filter(kind="choice_made").exists()


def test_a_scene_is_played_again_where_the_author_lets_people(
    browser: Client, scenario: Scenario
) -> None:
    browser.post(_here(scenario))
    told = browser.get(_choose(browser, scenario, "cut1").url).content.decode()
    fields = dict(re.findall(r'name="(expected_seq|to)" value="(\d+)"', told))
    run = Run.objects.get()
    browser.post(f"/runs/{run.pk}/back/", fields)
    assert "高いですね。" in browser.get(_here(scenario)).content.decode()
    assert browser.post(f"/runs/{run.pk}/back/", fields).status_code == 409
    plain = make_scenario(price())
    browser.post(_here(plain))
    run = Run.objects.get(scenario=plain)
    form = _form(browser.get(_here(plain)), choice="cut1")
    told = browser.post(f"/runs/{run.pk}/choose/", form, follow=True).content.decode()
    assert "/back/" not in told


def test_the_time_can_be_lengthened_and_switched_off(browser: Client, scenario: Scenario) -> None:
    page = browser.get(_here(scenario)).content.decode()
    assert "Three times as long" in page
    browser.post(_here(scenario), {"pace": "slow"})
    browser.get(_choose(browser, scenario, "ask1").url)
    run = Run.objects.get()
    assert "90 seconds" in browser.get(_here(scenario)).content.decode()
    browser.post(f"/runs/{run.pk}/pace/", {"pace": "off"})
    page = browser.get(_here(scenario)).content.decode()
    assert "The time limit is off" in page
    assert browser.post(f"/runs/{run.pk}/pace/", {"pace": "never"}).status_code == 404


def test_the_time_is_over_when_our_clock_says_so(browser: Client, rep: Person) -> None:
    scenario = make_scenario(changed(price(), "deal", limit=Limit(5, "some")))
    browser.post(_here(scenario))
    told = _choose(browser, scenario, "ask1")
    assert told.status_code == 302
    run = Run.objects.get()
    late = _choose(browser, scenario, "")  # within what the way takes: five seconds
    page = browser.get(late.url).content.decode()
    assert "The time was over" in page
    assert RunEvent.objects.filter(run=run, kind="timed_out").exists()


def test_what_a_new_version_means_is_said(browser: Client, rep: Person, scenario: Scenario) -> None:
    browser.post(_here(scenario))
    run = Run.objects.get()
    republish(scenario, changed(price(back="rewind"), "deal", limit=None))
    settling.settle()
    assert "newer version" in browser.get(_here(scenario)).content.decode()
    browser.post(f"/runs/{run.pk}/move/")
    run.refresh_from_db()
    scenario.refresh_from_db()
    assert run.version_id == scenario.version_id
    with scoped(CLIENT):
        publishing.withdraw(version_id=run.version_id, reason="間違いを教えるため", by=rep.pk)
    page = browser.get(_here(scenario)).content.decode()
    assert "taken back" in page
    assert "Play again" in page
    assert "間違いを教えるため" in browser.get(f"/runs/{run.pk}/").content.decode()


def test_who_was_in_the_middle_of_what_is_no_more_is_told_why(
    browser: Client, rep: Person, scenario: Scenario
) -> None:
    browser.post(_here(scenario))
    with scoped(CLIENT):
        publishing.withdraw(version_id=Run.objects.get().version_id, reason="古い価格", by=rep.pk)
    page = browser.get(_here(scenario), follow=True).content.decode()
    assert "taken back" in page
    assert "古い価格" in page
    assert browser.get(f"/modules/{scenario.module_id}/").status_code == 200
    assert browser.get(f"/modules/{uuid.uuid4()}/scenario/").status_code == 404


def test_who_had_not_begun_what_is_taken_back_reads_so_on_its_module(
    browser: Client, rep: Person, scenario: Scenario
) -> None:
    assert scenario.version_id
    with scoped(CLIENT):
        publishing.withdraw(version_id=scenario.version_id, reason="古い価格", by=rep.pk)
    page = browser.get(_here(scenario), follow=True)
    assert page.redirect_chain == [(f"/modules/{scenario.module_id}/", 302)]
    assert "being revised" in page.content.decode()


def test_giving_up_begins_anew(browser: Client, scenario: Scenario) -> None:
    browser.post(_here(scenario))
    browser.post(f"/runs/{Run.objects.get().pk}/give-up/")
    page = browser.get(_here(scenario)).content.decode()
    assert "Given up" in page
    browser.post(_here(scenario))
    assert Run.objects.filter(state="open").count() == 1


def test_each_page_costs_a_known_number_of_statements(
    browser: Client, rep: Person, scenario: Scenario
) -> None:
    play(rep, scenario, "wait", "flee")
    play(rep, scenario, "cut1", "back", "cut1", "back")
    run = Run.objects.get(state="open")
    over = Run.objects.get(state="finished")
    form = _form(browser.get(_here(scenario)), choice="ask1")
    _settle()
    browser.get(f"/runs/{over.pk}/")
    spent = {}
    for name, ask in {
        "scene": lambda: browser.get(_here(scenario)),
        "choose": lambda: browser.post(f"/runs/{run.pk}/choose/", form),
        "told": lambda: browser.get(f"/runs/{run.pk}/told/3/"),
        "ended": lambda: browser.get(f"/runs/{over.pk}/"),
        "package": lambda: browser.get(f"/api/modules/{scenario.module_id}/scenario/"),
    }.items():
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert ask().status_code in {200, 302}, name
        spent[name] = len([q for q in asked if "SAVEPOINT" not in q["sql"]])
    assert spent == {"scene": 5, "choose": 9, "told": 5, "ended": 10, "package": 5}


def test_somebody_elses_run_is_not_there(client: Client, rep: Person, scenario: Scenario) -> None:
    run = start(person=rep, scenario_id=scenario.pk).run
    other = make_person(rep.organisation)
    client.force_login(other.account)
    for door in ("", "told/3/"):
        assert client.get(f"/runs/{run.pk}/{door}").status_code == 404
    for door in ("choose", "back", "pace", "give-up", "move"):
        fields = {"expected_seq": 2, "scene": "open", "key": uuid.uuid4(), "choice": "ask1"}
        assert client.post(f"/runs/{run.pk}/{door}/", fields).status_code == 404, door


def test_words_of_an_ace_stand_one_by_one(browser: Client, rep: Person) -> None:
    why = Explanation(name="白石", words="一つ目\n二つ目", transcript="文字で読む")
    document = dataclasses.replace(price(), explanations={"wait": why})
    scenario = make_scenario(document)
    browser.post(_here(scenario))
    told = browser.get(_choose(browser, scenario, "wait").url).content.decode()
    assert "How 白石 would think" in told
    assert "<span>一つ目</span>" in told
    assert "文字で読む" in told
