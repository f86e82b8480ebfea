"""Ranking, record and rules in Chromium: they keep themselves up to date, and everybody can use them."""

import pytest
from playwright.sync_api import expect

from partners.models import Person
from tests.courses.factories import hand_in, make_module
from tests.gamification.factories import book, build, give
from tests.partners.factories import make_partner, make_person, make_team

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.fixture
def me(site, context, sign_in) -> Person:
    rival = make_team(make_partner("カナリア商事"))
    for number in range(12):
        person = make_person(rival.organisation, team=rival, sign_in=False, family_name="カナリア")
        book(person, 20 + 5 * number)
    partner = make_partner("みらい営業")
    me = make_person(
        partner, team=make_team(partner), family_name="高橋", given_name="美咲", language=""
    )
    book(me, 40)
    build()
    sign_in(context, me.account)
    return me


def test_the_ranking_asks_again_by_itself_and_draws_only_what_changed(page, me):
    answers = []
    page.on(
        "response",
        lambda r: answers.append(r.status) if r.request.headers.get("hx-request") else None,
    )
    page.clock.install()
    page.goto("/ranking/")
    own = page.locator(".rank .me")
    expect(own).to_contain_text("8位")
    with page.expect_response(lambda r: r.status == 304):
        page.clock.fast_forward(16_000)
    give(me, 100)
    with page.expect_response(lambda r: r.status == 200 and "/ranking/" in r.url):
        page.clock.fast_forward(16_000)
    expect(own).to_contain_text("1位")
    expect(own).to_contain_text("140")
    with page.expect_response(lambda r: r.status == 304):
        page.clock.fast_forward(16_000)
    assert answers == [304, 200, 304]


def test_the_ranking_is_refreshed_by_hand_too(page, me):
    page.goto("/ranking/")
    give(me, 100)
    page.get_by_role("link", name="最新にする").click()
    expect(page.locator(".rank .me")).to_contain_text("1位")


def test_an_earlier_month_and_another_unit_are_one_tap_away(page, me):
    page.goto("/ranking/")
    page.get_by_role("link", name="会社").click()
    expect(page.get_by_text("ほかのパートナー企業")).to_be_visible()
    assert "カナリア" not in page.content()


def test_a_badge_tells_in_place_how_it_is_earned(page, me):
    page.goto("/record/")
    page.get_by_role("link", name="はじめの一歩").click()
    dialog = page.get_by_role("dialog", name="はじめの一歩")
    expect(dialog).to_contain_text("はじめてモジュールを修了する。")
    dialog.get_by_role("button", name="閉じる").click()
    expect(dialog).to_be_hidden()


def test_the_record_is_saved_as_a_file(page, me):
    page.goto("/record/?view=points")
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    assert download.value.suggested_filename.startswith("tomoni-points-")


@pytest.mark.parametrize(("device", "language"), [("phone", "ja"), ("desktop", "en")])
def test_everybody_can_use_these_pages(page, me, axe, site, device, language):
    hand_in(me, make_module(), right=3)
    site.worker.wait_until_idle()
    for address in (
        "/ranking/",
        "/ranking/?by=team",
        "/ranking/?by=partner",
        "/record/",
        "/record/?view=points",
        "/points/",
    ):
        page.goto(address)
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
