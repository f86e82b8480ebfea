"""An author brings a table, tries it, publishes it twice, compares, goes back, and carries it off as a file."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Download, FrameLocator, Page, expect

from courses.scenarios.models import Run, Scenario, ScenarioVersion
from tests.browser.author import make_author, until
from tests.browser.people import says
from tests.browser.test_scenario_desk import make_empty, open_scenario, said

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.parametrize("device", ["desktop"]),
]

SignIn = Callable[[BrowserContext, Any], None]

HEAD = "scene\tspeaker\ttext\tchoice\tgoes to\tpoints\tbest\twhy\n"
BROKEN = (
    HEAD
    + "始め\t佐藤\t高いですね。\t何と比べて?\t契約\t10\tbest\t比べる相手が分かる。\n"
    + "\t\t\t少しお待ちを。\t待つ\t１０点\tpoor\t\n"
    + "待つ\t\tまだですか。\tもう少し。\t待つ\t0\tだめ\t\n"
    + "成約\t\tでは契約を。\n"
)
MENDED = BROKEN.replace("\t契約\t", "\t成約\t").replace("１０点", "0").replace("だめ", "poor")


def page_of(scenario: Scenario, name: str) -> str:
    """Where a page around the desk is."""
    return f"/authoring/scenarios/{scenario.pk}/{name}/"


def publish(page: Page, note: str) -> None:
    """Publish from the page that is open."""
    page.locator('[name="note"]').fill(note)
    page.get_by_role("button", name="公開する").click()
    says(page, "公開しました")


def phone(page: Page) -> FrameLocator:
    """What is inside the phone's frame."""
    return page.frame_locator('iframe[name="phone"]')


def saved(page: Page, press: Callable[[], None]) -> bytes:
    """Return the file that this brings."""
    with page.expect_download() as coming:
        press()
    download: Download = coming.value
    return Path(download.path()).read_bytes()


def test_from_a_table_to_a_version_and_back(
    page: Page, sign_in: SignIn, axe: Callable[[Page], None], tmp_path: Path
) -> None:
    author = make_author()
    sign_in(page.context, author.account)
    scenario = make_empty()
    _paste(page, scenario, axe)
    _preview(page, scenario, axe)
    _publish_twice(page, scenario)
    _compare_and_restore(page, scenario)
    _carry(page, scenario, tmp_path)
    assert not Run.objects.exists()


def _paste(page: Page, scenario: Scenario, axe: Callable[[Page], None]) -> None:
    page.goto(page_of(scenario, "table"))
    text = page.locator('[name="text"]')
    text.fill(BROKEN)
    page.locator('button[value="look"]').click()
    table = page.get_by_role("table")
    for row, words in (("2", "契約"), ("3", "１０点"), ("4", "だめ")):
        line = table.get_by_role("row").filter(has_text=words)
        expect(line.get_by_role("cell").first).to_have_text(row)
    axe(page)
    expect(text).to_have_value(BROKEN)
    assert not said(scenario).scenes
    text.fill(MENDED)
    page.locator('button[value="look"]').click()
    expect(page.locator("main svg.map")).to_be_visible()
    expect(page.locator("#errors")).to_be_visible()
    page.locator('button[value="enter"]').click()
    page.wait_for_selector("[data-desk-ready]", state="attached")
    assert [each.title for each in said(scenario).scenes] == ["始め", "待つ", "成約"]


def _preview(page: Page, scenario: Scenario, axe: Callable[[Page], None]) -> None:
    page.get_by_role("link", name="ここから試す").click()
    expect(phone(page).get_by_text("高いですね。")).to_be_visible()
    axe(page)
    page.locator('[name="scene"]').select_option(label="2 待つ")
    page.get_by_role("button", name="これで試す").click()
    expect(phone(page).get_by_text("まだですか。")).to_be_visible()
    page.locator('[name="scene"]').select_option(label="1 始め")
    page.get_by_role("button", name="これで試す").click()
    phone(page).get_by_role("button", name="何と比べて?").press("Enter")
    expect(phone(page).locator("#told")).to_be_focused()
    expect(phone(page).get_by_text("比べる相手が分かる。")).to_be_visible()
    phone(page).get_by_role("link", name="結末を見る").press("Enter")
    expect(phone(page).locator("#outcome")).to_be_focused()
    axe(page)
    page.set_viewport_size({"width": 360, "height": 740})
    frame = page.locator('iframe[name="phone"]').bounding_box()
    assert frame
    assert (frame["width"], frame["y"] + frame["height"]) == (360, 740)
    assert frame["y"] < 60
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.set_viewport_size({"width": 1280, "height": 800})


def _publish_twice(page: Page, scenario: Scenario) -> None:
    page.goto(page_of(scenario, "publish"))
    expect(page.locator('[name="note"]')).to_have_count(0)
    page.locator("#errors ~ ul a").first.click()
    page.wait_for_selector("[data-desk-ready]", state="attached")
    page.get_by_label("進む先").first.select_option(label="成約")
    until(page, lambda: said(scenario).scenes[1].choices[0].to == said(scenario).scenes[2].key)
    page.goto(page_of(scenario, "publish"))
    publish(page, "はじめての版")
    open_scenario(page, scenario)
    page.locator('[name$=":text"]').first.fill("少し高いですね。")
    until(page, lambda: said(scenario).scenes[0].text == "少し高いですね。")
    page.goto(page_of(scenario, "publish"))
    publish(page, "言い方をやわらかく")
    notes = list(ScenarioVersion.objects.order_by("number").values_list("note", flat=True))
    assert notes == ["はじめての版", "言い方をやわらかく"]


def _compare_and_restore(page: Page, scenario: Scenario) -> None:
    page.goto(page_of(scenario, "versions"))
    page.get_by_role("link", name="言い方をやわらかく").click()
    expect(page.locator(".change ins").first).to_have_text("少し")
    page.goto(page_of(scenario, "versions"))
    page.get_by_role("link", name="はじめての版").click()
    page.locator('form[action$="/restore/"] button').click()
    page.wait_for_selector("[data-desk-ready]", state="attached")
    assert said(scenario).scenes[0].text == "高いですね。"


def _carry(page: Page, scenario: Scenario, folder: Path) -> None:
    page.goto(page_of(scenario, "file"))
    out = page.locator('a[href$="/file.json"]')
    first = saved(page, out.click)
    kept = folder / "scenario.json"
    kept.write_bytes(first)
    other = make_empty()
    page.goto(page_of(other, "file"))
    page.locator('[name="file"]').set_input_files(kept)
    page.locator("form[enctype] button.btn").click()
    page.wait_for_selector("[data-desk-ready]", state="attached")
    assert said(other) == said(scenario)
    page.goto(page_of(other, "file"))
    assert saved(page, page.locator('a[href$="/file.json"]').click) == first
