"""Pages of learning and sales in all their states: reached by keyboard and finger, seen by everybody, and on paper."""

import io
import re
import unicodedata
from collections.abc import Callable
from typing import Any

import pypdf
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from core.scope import CLIENT, scoped
from partners.models import Person
from tests.analytics.associations.states import states
from tests.partners.factories import make_client, make_person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[BrowserContext, Any], None]
Axe = Callable[[Page], None]

ANSWERED = ("told", "unclear", "few", "grid", "course told", "course few")
BY_AXE = ("ask", "told", "money", "few", "failed", "waiting", "grid", "course told")
TAB_BAR = 60
looks = pytest.mark.parametrize(
    ("device", "language", "scheme"), [("phone", "ja", "light"), ("desktop", "en", "dark")]
)
WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
WITHOUT_TABLE = """() => [...document.querySelectorAll("main :is(svg.chart, .heat)")]
  .filter((each) => !each.closest(".card").querySelector("details table caption"))
  .map((each) => each.outerHTML.slice(0, 80))"""
LOWEST = """() => Math.max(...["main .grade", "main :is(.answer, .nodata) b"]
  .map((each) => document.querySelector(each).getBoundingClientRect().bottom))"""


@pytest.fixture
def addresses(page: Page, sign_in: SignIn, language: str) -> dict[str, str]:
    """Every state, and the client's sales manager signed in."""
    with scoped(CLIENT):
        viewer = make_person(make_client(), roles=["sales_manager"], language=language)
        made = states(viewer)
        Person.objects.exclude(pk=viewer.pk).update(family_name="田中", given_name="実")
    sign_in(page.context, viewer.account)
    return made


@looks
def test_every_state_fits_is_legible_and_has_its_table(
    page: Page, axe: Axe, addresses: dict[str, str], device: str, scheme: Any
) -> None:
    page.emulate_media(color_scheme=scheme)
    for name, address in addresses.items():
        page.goto(address)
        assert page.evaluate(WIDE) == 0, name
        assert page.evaluate(WITHOUT_TABLE) == [], name
        if name in BY_AXE:
            axe(page)
        if name in ANSWERED and device == "phone":  # the answer is read before anything is touched
            assert page.evaluate(LOWEST) <= 740 - TAB_BAR, name


@pytest.mark.parametrize("device", ["desktop"])
def test_dots_are_walked_by_keyboard(page: Page, axe: Axe, addresses: dict[str, str]) -> None:
    page.goto(addresses["told"])
    dot, said = page.locator(".dots a[tabindex='0']"), page.locator("[data-said]")
    expect(dot).to_have_count(1)
    expect(dot).to_have_attribute("data-dot", "0")
    page.locator("main .grade").first.focus()
    for _ in range(3):  # the grade, what is left of the answer's links, then the plot
        if page.evaluate("document.activeElement.hasAttribute('data-dot')"):
            break
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.hasAttribute('data-dot')")
    for key, there in [
        ("ArrowRight", 1),
        ("End", 5),
        ("ArrowRight", 5),
        ("ArrowDown", 11),
        ("ArrowLeft", 10),
        ("ArrowUp", 4),
        ("Home", 0),
        ("ArrowUp", 0),
        ("ArrowRight", 1),
    ]:
        page.keyboard.press(key)
        expect(dot).to_have_attribute("data-dot", str(there))
        expect(dot).to_be_focused()
    words = "田中 実さん（みらい営業）：それまでに修了したモジュール数（月ごとの平均） 1.5、アポ率 11.1%"
    expect(dot).to_have_accessible_name(words)
    expect(said).to_contain_text(words)
    axe(page)
    leads = dot.get_attribute("href")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{leads}")


def test_a_finger_takes_the_nearest_dot_and_opens_it_by_its_link(
    page: Page, addresses: dict[str, str]
) -> None:
    page.goto(addresses["told"])
    box = page.locator("[data-dot='35']").bounding_box()
    assert box
    page.locator(".dots").scroll_into_view_if_needed()
    box = page.locator("[data-dot='35']").bounding_box()
    assert box
    page.touchscreen.tap(box["x"] + box["width"] / 2 + 16, box["y"] + box["height"] / 2 - 8)
    link = page.locator("[data-said] a")
    expect(link).to_be_visible()
    assert page.locator("[data-dot='35']").get_attribute("href") == link.get_attribute("href")
    seen = link.bounding_box()
    assert seen
    assert seen["height"] >= 44
    link.tap()
    page.wait_for_url("**/team/members/**")


PAPER = {
    "ja": {
        "told": [
            "関連がみられます",
            "担当者36人",
            "+0.20",
            "+0.60",
            "根拠の強さ",
            "注意",
            "基準日時",
        ],
        "grid": ["担当者36人", "根拠の強さ", "−0.15"],
        "course told": ["担当者320人", "根拠の強さB", "注意"],
    },
    "en": {
        "told": ["tends to be higher where", "36 reps", "+0.20 to +0.60", "Doubts", "As of"],
        "grid": ["36 reps", "evidence grade D"],
        "course told": ["320 reps", "evidence grade B", "Doubts"],
    },
}
PAGES = {"told": (2, 4), "grid": (1, 3), "course told": (2, 4)}


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("device", ["desktop"])
def test_paper_has_the_answer_and_all_that_it_stands_on(
    page: Page, addresses: dict[str, str], language: str
) -> None:
    page.emulate_media(color_scheme="dark")
    for name, wanted in PAPER[language].items():
        page.goto(addresses[name])
        paper = pypdf.PdfReader(io.BytesIO(page.pdf(format="A4")))
        least, most = PAGES[name]
        assert least <= len(paper.pages) <= most, name
        words = unicodedata.normalize("NFKC", "".join(each.extract_text() for each in paper.pages))
        words = re.sub(r"\s+", "", words)
        for each in [*wanted, "/reports/learning-to-sales/"]:
            assert unicodedata.normalize("NFKC", each).replace(" ", "") in words, (name, each)
        for each in ("CSV", "Excel", "学習→営業へ"):
            assert each not in words, (name, each)
        page.emulate_media(media="print")
        assert page.evaluate("getComputedStyle(document.body).color") == "rgb(35, 39, 43)"
        page.emulate_media(media="null")
