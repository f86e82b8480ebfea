"""One's own record: every module, every point with its cause, as page and file."""

import csv
import datetime as dt
import io

import pytest
from django.test import Client as Browser
from django.utils import timezone

from courses.progress.models import ModuleProgress
from gamification.models import BadgeAward, LedgerEntry
from gamification.queries import own
from partners.models import Person
from tests.courses.factories import hand_in, make_module
from tests.courses.scenarios.factories import changed, make_scenario, play
from tests.courses.scenarios.samples import price
from tests.gamification.factories import book, deliver
from tests.gamification.queries import queries_of
from tests.partners.factories import make_partner, make_person, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def me() -> Person:
    return make_person(make_partner())


@pytest.fixture
def browser(client, me) -> Browser:
    return sign_in(client, me)


def text_of(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


def rows_of(response) -> list[list[str]]:
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response.content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"), newline="")))


def learn(person: Person, count: int, **fields) -> None:
    for number in range(count):
        module = make_module(title=f"学び{number}")
        ModuleProgress.objects.create(
            person=person,
            organisation_id=person.organisation_id,
            module=module,
            **{"active_seconds": 90, "finished_at": timezone.now(), "first_score": "0.5", **fields},
        )
        book(person, 20, module_id=module.pk)


def test_an_empty_record_says_what_it_will_hold(browser):
    page = text_of(browser.get("/record/"))
    assert "ポイントのひとつひとつの理由が、ここに残ります" in page
    assert "レベル1 はじめまして" in page


def test_what_was_learnt_is_listed_with_score_and_time(browser, me):
    learn(me, 1, active_seconds=150, first_score="0.625")
    page = text_of(browser.get("/record/"))
    for words in ("学び0", "初回の得点 63点", "3分", "モジュール"):
        assert words in page


def test_lengths_are_rounded_and_say_so(browser, me):
    learn(me, 2, active_seconds=100)
    learn(me, 1, active_seconds=20)
    page = text_of(browser.get("/record/"))
    assert page.count("約2分") == 2
    assert "約4分" in page
    assert "1分未満" in page
    assert ">0分" not in page


def test_a_post_was_read_and_is_not_on_the_way_to_anything(browser, me):
    module = make_module(title="朝の投稿", form="post")
    begun = dt.datetime(2026, 11, 1, 0, 30, tzinfo=dt.UTC)
    ModuleProgress.objects.create(
        person=me, organisation_id=me.organisation_id, module=module, started_at=begun
    )
    page = text_of(browser.get("/record/"))
    assert "2026年11月1日に読みました" in page
    assert "途中" not in page
    header, row = rows_of(browser.get("/record/learning.csv"))
    assert (header[6], row[6]) == ("読んだ日（投稿）", "2026-11-01 09:30")


def test_every_point_is_listed_with_its_cause(browser, me):
    module = make_module(title="高いと言われたら")
    hand_in(me, module, right=3)
    deliver()
    page = text_of(browser.get("/record/?view=points"))
    assert "修了：高いと言われたら" in page
    assert "4問中 3問 正解：高いと言われたら" in page
    assert "+20" in page
    assert "+15" in page


def test_points_that_count_in_another_month_say_so(browser, me):
    caused = timezone.now() - dt.timedelta(days=70)
    book(me, -5, rule="rescore", caused_at=caused, detail={"before": 3, "correct": 2})
    page = text_of(browser.get("/record/?view=points"))
    assert "−5" in page
    assert "採点の見直し（正解 3問 → 2問）" in page
    assert "月のポイント" in page


def test_nobody_sees_anothers_record(browser, me):
    learn(make_person(me.organisation, family_name="他人"), 3)
    assert "学び0" not in text_of(browser.get("/record/"))
    assert len(rows_of(browser.get("/record/points.csv"))) == 1


def test_earned_badges_come_first_and_the_others_say_how(browser, me):
    BadgeAward.objects.create(
        person=me,
        organisation_id=me.organisation_id,
        badge="comeback",
        awarded_at=timezone.now(),
    )
    page = text_of(browser.get("/record/"))
    assert page.index("七転び八起き") < page.index("はじめの一歩")
    assert "モジュールを5本修了する。" in page
    assert page.count("badge-dim") == 18  # nine, each in the list and in its dialog


def test_long_records_have_pages(browser, me):
    learn(me, 23)
    first, second = (text_of(browser.get(f"/record/?page={n}")) for n in (1, 2))
    assert first.count('class="t"') == 20
    assert second.count('class="t"') == 3
    assert text_of(browser.get("/record/?page=1&view=x")).count('class="t"') == 20


@pytest.mark.parametrize("view", ["learning", "points"])
def test_the_page_takes_as_many_queries_for_thirty_rows_as_for_one(browser, me, view):
    learn(me, 1)
    one = queries_of(lambda: browser.get(f"/record/?view={view}"))
    learn(me, 29)
    assert queries_of(lambda: browser.get(f"/record/?view={view}")) == one
    assert one <= 8


@pytest.mark.parametrize("view", ["learning", "points"])
def test_the_file_takes_as_many_queries_for_thirty_rows_as_for_one(browser, me, view):
    learn(me, 1)
    one = queries_of(lambda: browser.get(f"/record/{view}.csv"))
    learn(me, 29)
    assert queries_of(lambda: browser.get(f"/record/{view}.csv")) == one


def test_the_file_of_points_has_a_line_for_each_entry(browser, me):
    module = make_module(title="=HYPERLINK(1)")
    moment = dt.datetime(2026, 11, 1, 0, 30, tzinfo=dt.UTC)
    book(me, -5, rule="rescore", module_id=module.pk, caused_at=moment, month=dt.date(2026, 11, 1))
    header, row = rows_of(browser.get("/record/points.csv"))
    assert header == ["日時", "数える月", "理由", "ポイント"]
    assert row[:2] == ["2026-11-01 09:30", "2026-11"]
    assert row[3] == "-5"
    assert LedgerEntry.objects.count() == 1


def test_the_file_of_modules_takes_no_title_for_a_formula(browser, me):
    module = make_module(title="=HYPERLINK(1)")
    ModuleProgress.objects.create(
        person=me, organisation_id=me.organisation_id, module=module, active_seconds=90
    )
    header, row = rows_of(browser.get("/record/learning.csv"))
    assert header[0] == "モジュール"
    assert row[0] == "'=HYPERLINK(1)"
    assert row[2:] == ["", "", "", "1.5", ""]


def test_the_file_speaks_the_readers_language(browser, me):
    browser.cookies["language"] = "en"
    assert rows_of(browser.get("/record/points.csv"))[0] == ["When", "Counts in", "Why", "Points"]


def test_there_is_no_other_file(browser):
    assert browser.get("/record/everything.csv").status_code == 404


def test_runs_of_scenarios_are_listed_with_ending_score_and_points(browser, me):
    named = changed(price(), "won1", title="契約をもらう")
    scenario = make_scenario(named)
    won = play(me, scenario, "ask1", "sign")
    deliver()
    play(me, scenario, "cut1")
    page = text_of(browser.get("/record/?view=runs"))
    for words in ("値引きの要求", "うまくいきました", "契約をもらう", "100点中100点", "途中"):
        assert words in page
    assert f"/runs/{won.pk}/" in page
    assert f"/modules/{scenario.module_id}/scenario/" in page
    header, later, first = rows_of(browser.get("/record/runs.csv"))
    assert header == ["シナリオ", "開始日時", "終了日時", "結果", "結末", "得点（%）", "ポイント"]
    assert [later[0], later[2], later[4:]] == ["値引きの要求", "", ["", "", ""]]
    assert first[3:6] == ["うまくいきました", "契約をもらう", "100"]
    assert int(first[6]) == sum(LedgerEntry.objects.values_list("points", flat=True)) > 0


def test_a_first_run_brought_what_its_ending_said_the_finished_module_too(browser, me):
    scenario = make_scenario(price())
    first = play(me, scenario, "ask1", "sign")
    play(me, scenario, "ask1", "sign")
    deliver()
    book(me, 90, module_id=scenario.module_id, rule="other")
    choices, finish = LedgerEntry.objects.exclude(rule="other").order_by("attempt_id")
    assert (choices.attempt_id, finish.attempt_id) == (first.pk, None)
    sum_of_both = choices.points + finish.points
    assert sum(entry.points for entry in own.of_run(me, first)) == sum_of_both
    assert f"+{sum_of_both} pt" in text_of(browser.get("/record/?view=runs"))
    _header, again, row = rows_of(browser.get("/record/runs.csv"))
    assert (row[6], again[6]) == (str(sum_of_both), "0")


def test_a_point_for_choices_leads_to_its_run(browser, me):
    won = play(me, make_scenario(price()), "ask1", "sign")
    deliver()
    page = text_of(browser.get("/record/?view=points"))
    assert f'href="/runs/{won.pk}/"' in page
    assert f"/attempts/{won.pk}" not in page


def test_a_list_of_runs_takes_as_many_queries_for_thirty_as_for_one(browser, me):
    scenario = make_scenario(price())
    play(me, scenario, "wait", "flee")
    one = queries_of(lambda: browser.get("/record/?view=runs"))
    for _ in range(9):
        play(me, scenario, "wait", "flee")
    assert queries_of(lambda: browser.get("/record/?view=runs")) == one
    assert len(rows_of(browser.get("/record/runs.csv"))) == 11
    other = sign_in(Browser(), make_person(me.organisation, family_name="他人"))
    assert len(rows_of(other.get("/record/runs.csv"))) == 1


def test_a_scenario_is_told_by_its_first_run(browser, me):
    scenario = make_scenario()
    play(me, scenario, "ask1", "sign")
    deliver()
    page = text_of(browser.get("/record/"))
    assert "初回のプレイ 100点中100点" in page
    assert "よい結末にたどり着きました" in page
    assert "初回の得点" not in page
    assert "すべて理解しました" not in page
    assert "よい結末にたどり着きました" in text_of(browser.get("/learn/"))


def test_home_tells_of_a_scenario_and_what_its_choices_bring(browser):
    make_scenario()
    page = text_of(browser.get("/"))
    assert "文章のあとにシナリオ" in page
    assert "最善の選択1つごとに さらに 5pt" in page
    assert "クイズ0問" not in page
