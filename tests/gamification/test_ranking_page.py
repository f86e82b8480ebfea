"""The ranking's page: one's own place among everybody, and nobody's name that isn't one's to know."""

import datetime as dt

import pytest
import time_machine
from django.test import Client as Browser

from gamification import actions, ranking
from gamification.models import Standing
from gamification.queries import own, rules
from gamification.queries import page as ranking_page
from partners.models import Person, Team
from tests.gamification.factories import book, build, give
from tests.gamification.queries import queries_of
from tests.partners.factories import make_client, make_partner, make_person, make_team, sign_in

pytestmark = pytest.mark.django_db

HIDDEN_PERSON = ">ほかのパートナーの方<"
HIDDEN_TEAM = ">ほかのパートナーのチーム<"
HIDDEN_COMPANY = ">ほかのパートナー企業<"


@pytest.fixture
def team() -> Team:
    return make_team(make_partner("みらい営業"), "第1チーム")


@pytest.fixture
def me(team) -> Person:
    return make_person(team.organisation, team=team, family_name="高橋", given_name="美咲")


@pytest.fixture
def browser(client, me) -> Browser:
    return sign_in(client, me)


def rivals(count: int, points: int = 100) -> Team:
    rival = make_team(make_partner("カナリア商事"), "カナリア隊")
    people = [
        make_person(rival.organisation, team=rival, sign_in=False, family_name="カナリア")
        for _ in range(count)
    ]
    for number, person in enumerate(people):
        book(person, points + 5 * number)
    return rival


def text_of(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


def test_the_own_place_is_among_everybody(browser, me):
    rivals(7)
    book(me, 35)
    build()
    page = text_of(browser.get("/ranking/"))
    assert "8<small>位</small>" in page
    assert "ポイントのある8人中" in page
    assert "あと 65pt" in page
    assert 'ポイントのある <b class="num">1人中 1位' in page


def test_names_of_other_partners_are_never_in_the_page(browser, me):
    rivals(7)
    book(me, 110)
    build()
    for address in ("/ranking/", "/ranking/?by=team", "/ranking/?by=partner"):
        page = text_of(browser.get(address))
        assert "カナリア" not in page
        for person in Person.objects.exclude(pk=me.pk):
            assert str(person.pk) not in page
    assert HIDDEN_PERSON in text_of(browser.get("/ranking/"))
    assert HIDDEN_TEAM in text_of(browser.get("/ranking/?by=team"))
    assert HIDDEN_COMPANY in text_of(browser.get("/ranking/?by=partner"))


def test_names_stay_hidden_when_the_database_has_to_answer(browser, me, settings):
    rivals(7)
    book(me, 110)
    build()
    settings.REDIS_URL = "unix:///nowhere/redis.sock?db=1"
    for address in ("/ranking/", "/ranking/?by=team", "/ranking/?by=partner"):
        assert "カナリア" not in text_of(browser.get(address))
    page = text_of(browser.get("/ranking/"))
    assert "5<small>位</small>" in page
    assert "8人中" in page


def test_the_number_of_people_of_other_partners_stays_theirs(browser, me, team):
    rivals(17)
    for _ in range(5):
        make_person(team.organisation, team=team, sign_in=False)
    book(me, 30)
    build()
    page = text_of(browser.get("/ranking/?by=team"))
    assert "17人" not in page
    assert "6人" in page


def test_the_clients_people_see_all_names(client, me):
    rivals(7)
    book(me, 110)
    build()
    seller = make_person(make_client(), roles=["sales_manager"])
    page = text_of(sign_in(client, seller).get("/ranking/"))
    assert "カナリア商事" in page
    assert "高橋 美咲" in page
    assert HIDDEN_PERSON not in page
    companies = text_of(client.get("/ranking/?by=partner"))
    assert "カナリア商事" in companies
    assert "パートナー企業どうし" in companies


def test_colleagues_are_named_with_their_team(browser, me, team):
    colleague = make_person(
        team.organisation, team=team, sign_in=False, family_name="森田", given_name="彩"
    )
    book(me, 20)
    book(colleague, 40)
    build()
    page = text_of(browser.get("/ranking/"))
    assert "森田 彩" in page
    assert "第1チーム" in page


def test_two_neighbours_on_either_side_far_down_the_list(browser, me):
    organisation = make_partner()
    crowd = Person.objects.bulk_create(
        Person(organisation=organisation, roles=["rep"], family_name=f"人{number}")
        for number in range(400)
    )
    Standing.objects.bulk_create(
        Standing(
            person=person,
            organisation=organisation,
            month=rules.running_month(),
            points=1000 - 2 * number,
        )
        for number, person in enumerate(crowd)
    )
    give(me, 401)
    page = text_of(browser.get("/ranking/"))
    for place in (1, 2, 3, 299, 300, 301, 302, 303):
        assert f">{place}位<" in page or f"{place}<small>位</small>" in page
    assert "295人を省略" in page
    browser.cookies["language"] = "en"
    assert "295 people not shown" in text_of(browser.get("/ranking/")), "nobody is excluded"
    assert ">304位<" not in page
    assert ">4位<" not in page


def test_equal_points_share_a_place(browser, me, team):
    for _ in range(2):
        book(make_person(team.organisation, sign_in=False), 20)
    book(make_person(team.organisation, sign_in=False), 15)
    book(me, 20)
    build()
    page = text_of(browser.get("/ranking/"))
    assert page.count('"pos">1位') == 3
    assert '"pos">4位' in page


def test_who_has_no_points_yet_sees_the_first_ten_and_what_to_do(browser):
    rivals(12)
    build()
    page = text_of(browser.get("/ranking/"))
    assert "まだありません" in page
    assert page.count(HIDDEN_PERSON) == 10


def test_who_looks_after_others_goes_through_the_whole_ranking(client, me, monkeypatch):
    monkeypatch.setattr(ranking, "PAGE_SIZE", 5)
    monkeypatch.setattr(ranking_page, "PAGE_SIZE", 5)
    rivals(11)
    book(me, 400)
    build()
    head = make_person(make_client(), roles=["sales_manager"])
    first = text_of(sign_in(client, head).get("/ranking/"))
    assert "ポイントのある12人" in first
    assert '"pos">5位' in first
    assert '"pos">6位' not in first
    assert 'href="?page=2"' in first
    last = text_of(client.get("/ranking/?page=3"))
    assert [f'"pos">{place}位' in last for place in (10, 11, 12)] == [False, True, True]
    assert '"pos">12位' in text_of(client.get("/ranking/?page=99"))
    tag = client.get("/ranking/?page=2")["ETag"]
    assert client.get("/ranking/?page=3", headers={"If-None-Match": tag}).status_code == 200
    manager = make_person(me.organisation, roles=["manager"], team=me.team)
    theirs = text_of(sign_in(Browser(), manager).get("/ranking/?page=2"))
    assert '"pos">10位' in theirs
    assert "カナリア" not in theirs


def test_reps_see_the_first_ones_and_their_neighbours_whatever_page_is_asked_for(browser, me):
    rivals(60)
    book(me, 20)
    build()
    page = text_of(browser.get("/ranking/?page=2"))
    assert '"pos">1位' in page
    assert "55人を省略" in page
    assert "page=" not in page.replace("?page=2", "")


def test_a_manager_who_sells_sees_their_own_place_below_the_first_page(client, me):
    seller = make_person(me.organisation, roles=["rep", "manager"], team=me.team)
    rivals(60)
    book(seller, 20)
    build()
    page = text_of(sign_in(client, seller).get("/ranking/"))
    assert '"pos">50位' in page
    assert "8人を省略" in page
    assert '"pos">61位' in page


def test_a_month_without_points_says_so(browser):
    page = text_of(browser.get("/ranking/"))
    assert "これからです" in page
    assert "data-poll" not in page


@pytest.mark.parametrize(
    "address",
    [
        "/ranking/?month=2026-13",
        "/ranking/?month=x%EF%BC%91y",
        "/ranking/?month=1999-01",
        "/ranking/?by=%F0%9F%A6%86",
        "/ranking/?by=team&by=rep&month=",
        "/ranking/?month=2031-01",
    ],
)
def test_an_address_that_was_mistyped_shows_the_running_month(browser, me, address):
    book(me, 20)
    build()
    month = f"{rules.running_month().month}月の順位"
    assert month in text_of(browser.get(address))


def test_earlier_months_can_be_looked_at_and_are_final(browser, me):
    october = dt.date(2026, 10, 1)
    with time_machine.travel(dt.datetime(2026, 11, 24, 12, tzinfo=rules.zone()), tick=False):
        book(me, 55, month=october)
        book(make_person(me.organisation), 60, month=october)
        book(me, 20)
        actions.rebuild(month=october)
        build()
        assert "?month=2026-10" in text_of(browser.get("/ranking/"))
        page = text_of(browser.get("/ranking/?month=2026-10"))
    assert "2026年10月の順位" in page
    assert "確定しました" in page
    assert "ひとつ上まで" not in page
    assert "data-poll" not in page


def test_a_small_team_is_told_from_when_on_it_is_shown(browser, me):
    book(me, 20)
    build()
    assert "5人から表示します。いまは1人です" in text_of(browser.get("/ranking/?by=team"))


def test_who_is_in_no_team_is_told_so(client):
    loner = make_person(make_partner())
    rivals(5)
    build()
    page = text_of(sign_in(client, loner).get("/ranking/?by=team"))
    assert "チームに入っていません" in page


def test_where_the_points_came_from_is_summed_up_by_rule(browser, me):
    book(me, 20)
    book(me, 20)
    book(me, 15, rule="first_correct")
    book(me, -5, rule="rescore")
    build()
    page = text_of(browser.get("/ranking/"))
    for words in ("モジュールの修了 2本", "クイズ 1件", "採点の見直し 1件", "50 pt"):
        assert words in page


@pytest.mark.parametrize("by", ["rep", "team", "partner"])
def test_a_page_of_the_whole_takes_eight_queries_at_most(client, me, by):
    head = sign_in(client, make_person(make_client(), roles=["sales_manager"]))
    rivals(60)
    book(me, 110)
    build()
    assert queries_of(lambda: head.get(f"/ranking/?by={by}")) <= 8
    assert queries_of(lambda: head.get("/ranking/?page=2")) <= 8


@pytest.mark.parametrize("by", ["rep", "team", "partner"])
def test_the_page_takes_eight_queries_at_most_whatever_the_size(browser, me, by):
    book(me, 110)
    build()
    alone = queries_of(lambda: browser.get(f"/ranking/?by={by}"))
    rivals(30)
    build()
    assert queries_of(lambda: browser.get(f"/ranking/?by={by}")) <= max(alone, 8)
    assert alone <= 8


def test_the_page_takes_eight_queries_without_redis_too(browser, me, settings):
    rivals(30)
    book(me, 110)
    build()
    settings.REDIS_URL = "unix:///nowhere/redis.sock?db=1"
    assert queries_of(lambda: browser.get("/ranking/")) <= 8


def test_in_english_too(browser, me):
    rivals(3)
    book(me, 20)
    build()
    browser.cookies["language"] = "en"
    page = text_of(browser.get("/ranking/"))
    assert "Someone at another partner" in page
    assert "of 4 people with points" in page


def test_points_that_come_while_the_page_is_made_are_not_hidden_by_its_version(
    browser, me, monkeypatch
):
    build()
    give(me, 20)
    read = own.own_month

    def late(person, month):
        found = read(person, month)
        monkeypatch.setattr(own, "own_month", read)
        give(me, 40)
        return found

    monkeypatch.setattr(own, "own_month", late)
    tag = browser.get("/ranking/")["ETag"]
    again = browser.get("/ranking/", headers={"If-None-Match": tag})
    assert again.status_code == 200
    assert "60 pt" in text_of(again)
