"""A rep enters the day on the phone: in a few taps, with and without network; and a client sets it all up."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from core.scope import CLIENT, scoped
from partners.models import Person
from sales import days
from sales.models import Activity, Opportunity, Product
from tests.browser.learner import expect_sync, settle, until
from tests.browser.people import fill, link_to, make_admin, says, send
from tests.partners.factories import make_client, make_partner, make_person, make_team
from tests.plugin.patience import wait_until
from tests.sales.factories import make_product

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[BrowserContext, Any], None]
Axe = Callable[[Page], None]
LEAST_TAP = 48
MOST_TAPS = 12

both_languages = pytest.mark.parametrize("language", ["ja", "en"])


@pytest.fixture
def rep(language: str) -> Person:
    """A partner's rep in an installation with two products."""
    with scoped(CLIENT):
        make_client()
        make_product()
        make_product("ホナミ保守")
        team = make_team(make_partner("みらい営業"), "第1チーム")
        return make_person(team.organisation, team=team, family_name="高橋", language=language)


def counter(measure: str) -> str:
    """Return the name of a counter of the product that comes first on the page."""
    return days.counter(Product.objects.order_by("name").first().pk, measure)


def plus(page: Page, measure: str, times: int = 1) -> None:
    """Tap "one more" so many times."""
    for _ in range(times):
        page.locator(f'[data-step="1"][data-of="{counter(measure)}"]').click()


def counts() -> dict[str, int]:
    return dict(Activity.objects.filter(count__gt=0).values_list("measure", "count"))


@both_languages
def test_a_day_is_entered_in_a_few_taps(page: Page, sign_in: SignIn, axe: Axe, rep: Person) -> None:
    sign_in(page.context, rep.account)
    page.goto("/")
    link_to(page, "/sales/today/").click()
    plus(page, "calls", 5)
    plus(page, "key_persons", 2)
    plus(page, "leads")
    plus(page, "appointments")
    for step in page.locator("[data-step]:visible").all():
        box = step.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= LEAST_TAP
        assert box["x"] + box["width"] <= 360
    page.locator("[data-go]").click()
    expect(page.locator("[data-done]")).to_be_visible()
    colours = page.evaluate(
        "['done', 'held'].map((each) => getComputedStyle(document.querySelector(`[data-${each}]`)).color)"
    )
    assert len(set(colours)) == 2, "what is saved isn't told in the colour of a warning"
    taps = 1 + 9 + 1
    assert taps <= MOST_TAPS
    assert counts() == {"calls": 5, "key_persons": 2, "leads": 1, "appointments": 1}
    assert Activity.objects.get(measure="qualified").count == 0
    expect_sync(page, "saved")
    axe(page)
    page.locator("[data-done] a").click()
    expect(page.locator('main a[href="/sales/today/"]')).to_contain_text("5")


@both_languages
def test_the_network_goes_and_comes_back_in_the_middle_of_a_day(
    page: Page, sign_in: SignIn, axe: Axe, rep: Person
) -> None:
    sign_in(page.context, rep.account)
    settle(page)
    page.goto("/sales/today/")
    plus(page, "calls", 2)
    wait_until(lambda: counts() == {"calls": 2}, "the first taps")
    page.context.set_offline(True)
    plus(page, "calls", 3)
    expect_sync(page, "phone")
    expect(page.locator('[data-trouble="offline"]')).to_be_visible()
    axe(page)
    page.reload()  # the phone has the page, and what was tapped
    expect(page.locator(f'[name="{counter("calls")}"]')).to_have_value("5")
    plus(page, "leads")
    page.locator("[data-go]").click()
    expect(page.locator("[data-held]")).to_be_visible()
    axe(page)
    page.context.set_offline(False)
    wait_until(lambda: counts()["calls"] == 5 and counts()["leads"] == 1, "all taps")
    expect_sync(page, "saved")
    expect(page.locator("[data-done]")).to_be_visible()
    expect(page.locator("[data-held]")).to_be_hidden()


@both_languages
def test_the_day_opens_without_network_before_it_was_ever_opened(
    page: Page, sign_in: SignIn, axe: Axe, rep: Person
) -> None:
    sign_in(page.context, rep.account)
    settle(page)
    page.goto("/")
    until_day_is_kept(page)
    page.context.set_offline(True)
    link_to(page, "/sales/today/").click()
    plus(page, "calls", 2)
    expect_sync(page, "phone")
    expect(page.locator('[data-trouble="offline"]')).to_be_visible()
    axe(page)
    page.locator("[data-go]").click()
    expect(page.locator("[data-held]")).to_be_visible()
    assert counts() == {}
    page.context.set_offline(False)
    wait_until(lambda: counts() == {"calls": 2}, "what was entered without network")
    expect_sync(page, "saved")


def until_day_is_kept(page: Page) -> None:
    """Wait until the phone has the page of the day."""
    until(page, f"{KEPT}.some((url) => url.endsWith('/sales/today/'))")


KEPT = """(await Promise.all((await caches.keys()).filter((name) => name.startsWith("pages:")).map(
  async (name) => (await (await caches.open(name)).keys()).map(({ url }) => url)))).flat()"""
"""The addresses of the pages that the phone keeps."""

DAY_KEPT = """async () => {
  const found = await caches.match("/sales/today/", { ignoreVary: true });
  return (await found.text()).match(/data-rendered="(.*?)"/)[1];
}"""
"""When the kept page of the day was made."""


def test_the_day_is_kept_once_a_day_and_goes_away_at_sign_out(
    page: Page, sign_in: SignIn, language: str, rep: Person
) -> None:
    sign_in(page.context, rep.account)
    settle(page)
    page.goto("/")
    until_day_is_kept(page)
    before = page.evaluate(DAY_KEPT)
    page.reload(wait_until="networkidle")
    page.wait_for_timeout(1000)
    assert page.evaluate(DAY_KEPT) == before
    page.locator('[data-opens="mine"]').click()
    page.locator('form[action$="/logout/"] button').click()
    page.wait_for_url("**/accounts/login/**")
    until(page, f"!{KEPT}.length")
    page.context.set_offline(True)
    page.goto("/sales/today/")
    expect(page.locator("[data-sheet]")).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).to_have_text("オフラインです")


def test_what_was_saved_is_counted_without_opening_the_page_again(
    page: Page, sign_in: SignIn, language: str, rep: Person
) -> None:
    sign_in(page.context, rep.account)
    page.goto("/sales/today/")
    today = page.locator('#day-picks [aria-current="date"]')
    calls = page.locator("[data-led] tbody tr").first.locator("td").first
    expect(today.locator(".icon")).to_have_count(0)
    expect(calls).to_have_text("0")
    plus(page, "calls", 2)
    leads = page.locator(f'[name="{counter("leads")}"]')
    leads.fill("4")
    expect(today.locator(".icon")).to_have_count(1)
    expect(calls).to_have_text("2")
    expect(leads).to_be_focused()
    expect(leads).to_have_value("4")
    expect(page.locator("[data-led]")).to_have_count(1)
    expect(page.locator("#day-picks")).to_have_count(1)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ja", "0から9999までの整数で入力してください。"),
        ("en", "Please enter a whole number from 0 to 9999."),
    ],
)
def test_what_is_no_count_is_refused_at_its_field_and_stays(
    page: Page, sign_in: SignIn, axe: Axe, language: str, words: str, rep: Person
) -> None:
    sign_in(page.context, rep.account)
    page.goto("/sales/today/")
    plus(page, "calls", 3)
    wait_until(lambda: counts() == {"calls": 3}, "the taps")
    calls = page.locator(f'[name="{counter("calls")}"]')
    for typed in ("12.5", "-5", "abc", "99999", "−5"):
        calls.fill(typed)
        calls.blur()
        expect(calls).to_have_attribute("aria-invalid", "true")
        expect(page.locator(".count", has=calls).get_by_role("alert")).to_have_text(words)
        expect_sync(page, "mend")
        page.locator("[data-go]").click()
        expect(calls).to_be_focused()
        expect(page.locator("[data-done]")).to_be_hidden()
        expect(calls).to_have_value(typed)
    axe(page)
    plus(page, "leads")
    wait_until(lambda: counts() == {"calls": 3, "leads": 1}, "what is entered beside it")
    calls.fill("１２")
    page.locator("[data-go]").click()
    expect(page.locator("[data-done]")).to_be_visible()
    expect(page.locator("form [data-wrong]")).to_have_count(0)
    assert counts() == {"calls": 12, "leads": 1}


@pytest.mark.parametrize("language", ["ja"])
def test_what_is_typed_replaces_the_count_and_is_kept_in_its_field(
    page: Page, sign_in: SignIn, language: str, rep: Person
) -> None:
    sign_in(page.context, rep.account)
    page.goto("/sales/today/")
    expect_sync(page, "saved")
    calls = page.locator(f'[name="{counter("calls")}"]')
    calls.click(position={"x": 8, "y": 12})
    page.keyboard.type("7")
    expect(calls).to_have_value("7")
    wait_until(lambda: counts() == {"calls": 7}, "what was typed, its field not left")
    page.context.set_offline(True)
    page.keyboard.type("1")
    expect_sync(page, "phone")  # what the bar says is what a reload may rely on
    page.reload()
    expect(page.locator(f'[name="{counter("calls")}"]')).to_have_value("71")


def test_an_amount_that_is_none_keeps_a_new_deal_open(
    page: Page, sign_in: SignIn, language: str, rep: Person
) -> None:
    sign_in(page.context, rep.account)
    page.goto("/sales/today/")
    page.locator("[data-new] summary").click()
    page.locator('[data-part="outcome"][value="won"]').check(force=True)
    amount = page.locator('[data-part="amount"]')
    amount.fill("30万")
    page.locator("[data-add]").click()
    expect(page.locator("[data-new]").get_by_role("alert")).to_contain_text("金額は数字で")
    expect(amount).to_have_value("30万")
    page.locator("[data-new] summary").click()
    page.locator("[data-go]").click()
    expect(amount).to_be_focused()
    amount.fill("¥300,000")
    page.locator("[data-add]").click()
    wait_until(lambda: Opportunity.objects.filter(amount=300_000).exists(), "the deal")


def test_two_tabs_count_together(page: Page, sign_in: SignIn, language: str, rep: Person) -> None:
    sign_in(page.context, rep.account)
    page.goto("/sales/today/")
    other = page.context.new_page()
    other.goto("/sales/today/")
    plus(page, "calls", 3)
    wait_until(lambda: counts() == {"calls": 3}, "the first tab's taps")
    expect(other.locator(f'[name="{counter("calls")}"]')).to_have_value("3")
    plus(other, "calls", 2)
    wait_until(lambda: counts() == {"calls": 5}, "both tabs' taps")


def test_a_deal_is_opened_and_won_by_tapping(
    page: Page, sign_in: SignIn, axe: Axe, language: str, rep: Person
) -> None:
    sign_in(page.context, rep.account)
    page.goto("/sales/today/")
    page.locator("[data-new] summary").click()
    page.locator('[data-part="outcome"][value="open"]').check(force=True)
    page.locator('[data-part="stage"][value="qualified"]').check(force=True)
    axe(page)
    page.locator("[data-add]").dblclick()
    wait_until(lambda: Opportunity.objects.filter(outcome="open").count() == 1, "the deal")
    page.reload()
    deal = page.locator("[data-deal]")
    deal.locator("summary").click()
    deal.locator("select").first.select_option("won")
    deal.locator('input[inputmode="numeric"]').fill("３００，０００")
    deal.locator('input[inputmode="numeric"]').blur()
    wait_until(
        lambda: Opportunity.objects.filter(outcome="won", amount=300_000).exists(), "the win"
    )
    assert Opportunity.objects.count() == 1


@both_languages
def test_a_client_gets_from_nothing_to_a_funnel(
    page: Page, new_context: Callable[..., BrowserContext], sign_in: SignIn, axe: Axe, language: str
) -> None:
    admin = make_admin(language=language)
    sign_in(page.context, admin.account)
    page.goto("/setup/next/")
    link_to(page, "/sales/setup/").click()
    axe(page)
    link_to(page, "/sales/setup/products/new/").click()
    fill(page, name="ホナミ点検", code="CHECK")
    send(page)
    says(page, "CHECK")
    with scoped(CLIENT):
        team = make_team(make_partner("みらい営業"), "第1チーム")
        rep = make_person(team.organisation, team=team, language=language)
        manager = make_person(team.organisation, team=team, roles=["manager"], language=language)
    phone = new_context()
    sign_in(phone, rep.account)
    day = phone.new_page()
    day.goto("/sales/today/")
    plus(day, "calls", 3)
    wait_until(lambda: counts() == {"calls": 3}, "the taps")
    theirs = new_context()
    sign_in(theirs, manager.account)
    office = theirs.new_page()
    office.goto("/")
    office.locator('nav a[href="/sales/funnel/"]').click()
    office.locator(".phase-n").first.click()
    expect(office.locator("main")).to_contain_text(
        "手入力" if language == "ja" else "Entered by hand"
    )
    office.locator('nav [data-opens="more"]').click()
    axe(office)
    office.locator('#more a[href="/ranking/"]').click()
    expect(office).to_have_url("/ranking/")


@both_languages
def test_another_source_is_looked_at_before_it_counts(
    page: Page, sign_in: SignIn, axe: Axe, language: str
) -> None:
    sign_in(page.context, make_admin(language=language).account)
    page.goto("/sales/setup/sources/new/")
    fill(page, name="ホナミCRM")
    send(page)
    link_to(page, "/counts/calls/").click()
    page.locator('input[name="to"]').last.check()
    send(page)
    axe(page)
    page.locator("#change").wait_for()
    send(page)
    says(page, "ホナミCRM")
