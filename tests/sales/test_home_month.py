"""The month so far at home of who looks after selling: what it counts, for whom, and what it holds back."""

import datetime as dt
import re

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from partners.models import Person, Team
from sales import actions
from sales.actions import Count
from sales.actions.setup import choose_record
from sales.columns import columns
from sales.models import Product, Source
from sales.queries import glance as looking
from sales.queries.glance import glance
from tests.partners.factories import make_client, make_partner, make_person, sign_in
from tests.sales.factories import sold
from tests.sales.test_pages import _then, team

pytestmark = pytest.mark.django_db

__all__ = ["_then", "team"]  # fixtures


@pytest.fixture
def head(team: Team) -> Person:
    return make_person(make_client(), roles=["sales_manager"])


def counted(person: Person, day: dt.date, count: int) -> None:
    """Let somebody have had so many calls on a day, as the CRM tells."""
    source, product = Source.objects.get(kind="crm"), Product.objects.earliest("created_at")
    one = Count(person_id=person.pk, product_id=product.pk, day=day, measure="calls", count=count)
    actions.record_activities(source_id=source.pk, counts=[one])


def calls(person: Person) -> tuple[int, int]:
    """Return the calls of the month so far and of the same days of the month before."""
    found = glance(person)
    assert found is not None
    return found.now.counts.get("calls", 0), found.then.counts.get("calls", 0)


def section(person: Person) -> str:
    """Return what somebody's first page says of the month, without markup."""
    page = sign_in(Browser(), person).get("/").content.decode()
    found = re.search(r'<section class="sec" aria-labelledby="sold">.*?</section>', page, re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found[0])) if found else ""


def test_months_are_short_under_their_columns_in_either_language(head, team):
    sold(team.organisation, team, 6)
    for language, names in (("ja", ["9月", "10月", "11月"]), ("en", ["Sep", "Oct", "Nov"])):
        Person.objects.filter(pk=head.pk).update(language=language)
        page = sign_in(Browser(), head).get("/").content.decode()
        chart = page.partition("chart chart-xs")[2].partition("</svg>")[0]
        assert re.findall(r">([^<>\s]+)</text></g>", chart)[-3:] == names


def test_the_month_so_far_stands_beside_the_same_days_of_the_one_before(head, team):
    rep = sold(team.organisation, team, 6)
    for day, count in ((20, 3), (21, 50)):
        counted(rep, dt.date(2026, 10, day), count)
        counted(rep, dt.date(2026, 11, day), 2 * count)
    assert calls(head) == (6 * 40 + 6, 6 * 40 + 3)


def test_of_a_longer_month_no_day_of_this_one_is_compared_with_itself(head, team):
    with time_machine.travel(dt.datetime(2026, 3, 31, 3, tzinfo=dt.UTC), tick=False):
        rep = sold(team.organisation, team, 6)
        counted(rep, dt.date(2026, 2, 28), 7)
        assert calls(head) == (6 * 40, 6 * 40 + 7)


def test_wins_of_six_months_end_with_the_running_one(head, team):
    sold(team.organisation, team, 6)
    found = glance(head)
    assert found is not None
    assert [(each.month.month, each.won) for each in found.months] == [
        (6, 0), (7, 0), (8, 0), (9, 0), (10, 12), (11, 0),
    ]  # fmt: skip
    assert [each.is_running for each in found.months] == [False] * 5 + [True]


def test_a_partners_manager_sees_their_own_company_and_nothing_of_a_rival(head, team):
    manager = make_person(team.organisation, team=team, roles=["manager"])
    counted(sold(team.organisation, team, 1), dt.date(2026, 11, 2), 5)
    sold(make_partner("ライバル"), None, 9)
    assert calls(manager)[0] == 45
    assert calls(head)[0] == 10 * 40 + 5
    assert "みらい営業" in section(manager)


def test_another_source_shows_at_once(head, team, django_capture_on_commit_callbacks):
    sold(team.organisation, team, 6)
    told = section(head)
    assert calls(head)[0] > 0
    assert re.search(r"\d\d:\d\d現在", told), told
    hand = Source.objects.get(kind="hand")
    with django_capture_on_commit_callbacks(execute=True):
        choose_record(actor=head, measure="calls", source_id=hand.pk, grain="activity")
    assert calls(head)[0] == 0


def test_of_few_people_of_others_nothing_is_told(head, team):
    sold(team.organisation, team, 4)
    told = section(head)
    assert "人数が少ない" in told
    assert "160" not in told
    found = glance(head)
    assert found is not None
    assert [each.won for each in found.months][-2] is None


def test_it_is_told_at_home_with_what_it_stands_on(head, team):
    sold(team.organisation, team, 6)
    told = section(head)
    assert "今月の営業" in told
    assert "11月1日（日）〜11月20日（金）" in told
    assert "先月の同じ日まで：36" in told
    assert "2026年10月：12" in told


def test_its_win_rate_opens_to_the_deals_it_stands_on(head, team):
    sold(team.organisation, team, 6)
    with time_machine.travel(dt.datetime(2026, 10, 31, 3, tzinfo=dt.UTC), tick=False):
        browser = sign_in(Browser(), head)
        found = re.search(
            r'href="(/sales/funnel/records/[^"]+)"', browser.get("/").content.decode()
        )
        assert found
        page = browser.get(found[1].replace("&amp;", "&")).content.decode()
    assert "記録36件" in page


def test_before_anything_is_told_there_is_nothing(head):
    assert section(head) == ""


def test_it_is_for_those_who_look_after_selling(team):
    sold(team.organisation, team, 6)
    for roles in (["author"], ["admin"]):
        assert section(make_person(make_client(), roles=roles)) == ""


def sold_for_months(team: Team, people: int = 6) -> None:
    """Let people have sold in each of the five months before the running one."""
    for month in range(7, 12):
        with time_machine.travel(dt.datetime(2026, month, 20, 3, tzinfo=dt.UTC), tick=False):
            sold(team.organisation, team, people)


@pytest.mark.parametrize("people", [6, 4])
def test_wins_are_the_same_from_deals_alone_as_from_all_that_was_told(
    head, team, people, monkeypatch
):
    sold_for_months(team, people)
    manager = make_person(team.organisation, team=team, roles=["manager"])
    found = [glance(head), glance(manager)]
    cache.clear()
    monkeypatch.setattr(looking, "_of_deals", lambda *_: {})
    assert [glance(head), glance(manager)] == found
    told = [[each.won for each in one.months] for one in found if one]
    assert told[0] == ([12] * 5 + [0] if people == 6 else [None, *[8] * 4, None])
    assert told[1] == [2 * people] * 5 + [0]


@pytest.mark.parametrize(("months", "statements"), [(1, 6), (5, 4)])
def test_it_takes_some_statements_and_then_none_for_a_while(head, team, months, statements):
    if months == 1:
        sold(team.organisation, team, 6)
    else:
        sold_for_months(team)
    cache.clear()
    for wanted in (statements, 0):
        with CaptureQueriesContext(connection) as asked:
            glance(head)
        assert len(asked) == wanted


def test_columns_are_as_high_as_their_values():
    low, none, high = columns([5, None, 10])
    assert high.height == 2 * low.height
    assert none.height == 0
    assert low.y + low.height == pytest.approx(high.y + high.height)
    assert [round(each.middle) for each in (low, none, high)] == [17, 50, 83]
    assert [each.height for each in columns([0, 0])] == [0, 0]
