"""A sales manager takes a CRM's table in: mapped, looked at, mended, taken in, taken back, taken in again."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from core.scope import CLIENT, scoped
from partners.models import Person
from sales.models import Opportunity, Product
from tests.browser.people import says
from tests.partners.factories import make_client, make_partner, make_person, make_team
from tests.plugin.patience import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[BrowserContext, Any], None]
Axe = Callable[[Page], None]

HEAD = "案件名,商談ID,担当者,商品名,作成日,フェーズ,完了予定日,金額（税抜）,失注理由\r\n"
GOOD = [
    "点検A,00101,佐藤 葵,ホナミ点検,2026/6/1,受注,2026/6/20,\"￥1,200,000\",",
    "点検B,00102,佐藤 葵,ホナミ点検,令和8年6月2日,失注,R8.6.25,,価格",
    "点検C,00103,鈴木　蓮,ホナミ点検,46175,提案,2026/12/31,３００，０００,",
]  # fmt: skip
UNKNOWN = [
    "点検D,00104,サトウ（髙）,ホナミ点検,2026/6/4,受注,2026/6/20,100000,",
    "点検E,00105,佐藤 葵,点検スタンダード①,2026/6/5,受注,2026/6/20,100000,",
    "点検F,00106,佐藤 葵,ホナミ点検,2026/6/6,ほぼ決まり,2026/6/20,100000,",
]
PLANTED = {
    "点検G,00107,佐藤 葵,ホナミ点検,2026/6/7,受注,2026/6/20,１２万,": "１２万",
    "点検H,00108,佐藤 葵,ホナミ点検,06/07/2026,受注,2026/6/20,100000,": "06/07/2026",
    "点検I,00109,佐藤 葵,ホナミ点検,2026/6/9,受注,#N/A,100000,": "#N/A",
    "点検J,00110,佐藤 葵,ホナミ点検,2026/6/10,受注,2026/6/20,\"-5,000\",": "-5,000",
    "点検K,00101,佐藤 葵,ホナミ点検,2026/6/11,受注,2026/6/20,100000,": "00101",
    "点検L,,佐藤 葵,ホナミ点検,2026/6/12,受注,2026/6/20,100000,": "",
    "点検M,00113,佐藤 葵,ホナミ点検,2026/6/13,受注": "",
    "点検N,00114,佐藤 葵,ホナミ点検,2026/6/14,受注,2026/6/20,100,000,,": "",
    "点検O,00115,佐藤 葵,ホナミ点検,2026/6/15,受注,2026/6/1,100000,": "2026/6/1",
}  # fmt: skip
MENDED = [
    f"点検{n},{number},佐藤 葵,ホナミ点検,2026/6/7,受注,2026/6/20,100000,"
    for n, number in zip("GHIJKLMNO", range(107, 116), strict=True)
]
all_looks = pytest.mark.parametrize(
    ("device", "language"), [("phone", "ja"), ("desktop", "en")], ids=["phone", "desktop"]
)


def table(rows: list[str]) -> bytes:
    """The table as a Japanese Excel saves it."""
    return (HEAD + "\r\n".join(rows) + "\r\n").encode("cp932")


def bring(page: Page, content: bytes, source: str = "") -> None:
    """Bring a file and wait until its columns stand there."""
    page.goto("/sales/imports/new/")
    if source:
        page.locator("[name=new_source]").fill(source)
    page.locator("[name=file]").set_input_files(
        {"name": "商談一覧.csv", "mimeType": "text/csv", "buffer": content}
    )
    page.locator("form[enctype] button").click()
    expect(page.locator("#columns")).to_be_visible()


def look_at(page: Page) -> None:
    """Send the columns, and wait for what would happen."""
    page.locator('form[action$="/columns/"] button').first.click()
    expect(page.locator("#plan")).to_be_visible()


def tiles(page: Page) -> list[str]:
    """The figures: new, changed, the same, left out."""
    return page.locator(".tile b").all_inner_texts()


def make_manager(language: str) -> Person:
    """Make a partner with two reps, a product, and a sales manager who reads this language."""
    with scoped(CLIENT):
        partner = make_partner("みらい営業")
        team = make_team(partner, "第1チーム")
        for name, given, reading in (("佐藤", "葵", "さとう"), ("鈴木", "蓮", "すずき")):
            make_person(
                partner, team=team, family_name=name, given_name=given, family_reading=reading
            )
        Product.objects.create(code="CHECK", name="ホナミ点検")
        return make_person(make_client(), roles=["sales_manager"], language=language)


def take_in(page: Page) -> None:
    """Bring the mended table, all of whose words are known, and take it in."""
    bring(page, table([*GOOD, *UNKNOWN, *MENDED]))
    look_at(page)
    assert tiles(page) == ["15", "0", "0", "0"]
    page.locator('form[action$="/start/"] button').click()
    expect(page.locator("#taken")).to_be_visible()


@all_looks
def test_a_crms_table_is_mended_taken_in_taken_back_and_taken_in_again(
    page: Page, sign_in: SignIn, axe: Axe, language: str
) -> None:
    manager = make_manager(language)
    sign_in(page.context, manager.account)
    page.goto("/sales/funnel/")
    page.locator('main a[href="/sales/imports/"]').click()
    page.locator('main a[href="/sales/imports/new/"]').click()
    axe(page)

    bring(page, table([*GOOD, *UNKNOWN, *PLANTED]), "Salesforce")
    says(page, "Shift_JIS")
    expect(page.locator("[name=c1]")).to_have_value("external_id")
    expect(page.locator("[name=c7]")).to_have_value("amount")
    axe(page)
    look_at(page)
    assert tiles(page) == ["3", "0", "0", "12"]
    axe(page)
    page.locator('a[href$="/problems/"]').click()
    expect(page.locator("tbody tr")).to_have_count(12)
    for wrong in PLANTED.values():
        if wrong:
            expect(page.locator("main")).to_contain_text(wrong)
    axe(page)
    page.go_back()

    match(page, axe)
    assert tiles(page) == ["6", "0", "0", "9"]
    page.locator('form[action$="/cancel/"] button').click()
    take_in(page)
    assert Opportunity.objects.get(external_id="00101").amount == 1_200_000
    axe(page)

    page.locator('a[href$="/undo/"]').click()
    axe(page)
    page.locator("main form button").click()
    says(page, "15")
    expect(page.locator('a[href$="/undo/"]')).to_have_count(0)
    wait_until(lambda: not Opportunity.objects.exists(), "the worker took the rows out")
    axe(page)
    take_in(page)
    assert Opportunity.objects.count() == 15
    page.goto("/sales/imports/")
    expect(page.locator("tbody tr")).to_have_count(3)
    axe(page)


def match(page: Page, axe: Axe) -> None:
    """Say who and what the unknown words are; all rows are looked at again by themselves."""
    page.locator('a[href$="/names/"]').first.click()
    axe(page)
    page.locator("select").filter(has_text="ホナミ点検").select_option(label="ホナミ点検")
    stage = page.locator("tr", has_text="ほぼ決まり").locator("select")
    stage.select_option("won")
    page.locator("tr", has_text="サトウ").locator("button").click()
    page.locator("[name=q]").fill("さとう")
    page.locator("[role=search] button").click()
    axe(page)
    page.locator("[name=person]", has_text="佐藤 葵").click()
    expect(page.locator("#plan")).to_be_visible()
