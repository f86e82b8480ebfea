"""The page of rules: what stands there is what the rows say."""

import datetime as dt

import pytest
from django.utils import timezone

from gamification.models import PointRule
from tests.gamification.queries import queries_of
from tests.partners.factories import make_partner, make_person, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(client):
    return sign_in(client, make_person(make_partner()))


def test_the_rules_are_told_from_their_rows(browser):
    PointRule.objects.filter(key="first_correct").update(points=7, cap=21)
    page = browser.get("/points/").content.decode()
    for words in (
        "モジュールを修了する",
        "+20",
        "+7",
        "21ptまで",
        "3日後に確定",
        "ほかのパートナーの方",
    ):
        assert words in page


def test_an_announced_rule_is_told_before_it_holds(browser):
    later = timezone.now() + dt.timedelta(days=10)
    PointRule.objects.create(key="module_finished", number=2, points=33, active_from=later)
    page = browser.get("/points/").content.decode()
    assert "+33" in page
    assert "これからの決まり" in page


def test_a_rule_that_has_ended_is_told_no_more(browser):
    PointRule.objects.filter(key="first_correct").update(active_until=timezone.now())
    page = browser.get("/points/").content.decode()
    assert "1問ごと" not in page


def test_a_rule_without_words_earns_nothing_and_is_not_told(browser):
    PointRule.objects.create(key="mystery", points=99, active_from=timezone.now())
    assert "+99" not in browser.get("/points/").content.decode()


def test_every_badge_and_level_stands_there(browser):
    page = browser.get("/points/").content.decode()
    assert page.count('id="badge-') == 10
    assert "レベル12 結び手" in page


def test_the_page_takes_few_queries(browser):
    assert queries_of(lambda: browser.get("/points/")) <= 5
