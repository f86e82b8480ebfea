"""A post from the phone: a clip of the camera or some lines, in at most eight taps."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from courses.posts.models import Post
from tests.browser.author import make_author, until
from tests.core.media_samples import video
from tests.plugin.processes import Site

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MOST_TAPS = 8
SMALL = """() => [...document.querySelectorAll("main button, main a.btn, main select")]
  .filter((each) => each.checkVisibility() && each.getBoundingClientRect().height < 44)
  .map((each) => each.outerHTML)"""


class Thumb:
    """Taps, and counts them. Choosing a file is two: the shutter, and taking the picture over."""

    def __init__(self, page: Page) -> None:
        self.page, self.taps = page, 0

    def tap(self, selector: str) -> None:
        """Tap on the first thing that is like that."""
        self.taps += 1
        self.page.locator(selector).first.tap()

    def film(self, selector: str, clip: Path) -> None:
        """Open the camera with a tap and bring a clip back."""
        with self.page.expect_file_chooser() as chooser:
            self.tap(selector)
        self.taps += 2
        chooser.value.set_files(clip)


@pytest.fixture
def thumb(
    page: Page, sign_in: Callable[[BrowserContext, Any], None], site: Site, language: str
) -> Thumb:
    """The thumb of an author at home."""
    sign_in(page.context, make_author(language=language).account)
    page.goto("/")
    return Thumb(page)


@pytest.mark.parametrize("language", ["ja", "en"])
def test_lines_are_posted_with_a_suggested_title(
    thumb: Thumb, axe: Callable[[Page], None], language: str
) -> None:
    page = thumb.page
    thumb.tap('a[href="/posts/new/"]')
    page.wait_for_selector("[data-post-buttons]:visible")
    axe(page)
    assert not page.evaluate(SMALL)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    thumb.tap("#id_text")
    page.keyboard.type("新機能が出ました。今日お伝えください。")
    expect(page.locator("#id_title")).to_have_value("新機能が出ました")
    thumb.tap("[data-post] > .btn-full")
    page.wait_for_url("**/posts/")
    axe(page)
    assert Post.objects.get().published_at is not None
    assert thumb.taps <= MOST_TAPS
    page.goto("/learn/")
    axe(page)
    page.goto("/")
    page.locator("#word").wait_for()
    page.get_by_text("新機能が出ました").tap()
    page.wait_for_url(re.compile("/modules/"))
    axe(page)


def test_a_clip_is_posted_although_the_line_breaks(thumb: Thumb, tmp_path: Path) -> None:
    page, clip, cuts = thumb.page, tmp_path / "朝.mp4", [1]
    clip.write_bytes(video(2))

    def line(route: Route) -> None:
        if route.request.method == "PATCH" and cuts:
            cuts.pop()
            route.abort()
        else:
            route.continue_()

    page.route(re.compile("/media/uploads/[0-9a-f-]+/$"), line)
    thumb.tap('a[href="/posts/new/"]')
    page.wait_for_selector("[data-post-buttons]:visible")
    thumb.film("[data-post-camera]", clip)
    thumb.tap("#id_title")
    page.keyboard.type("朝のひとこと")
    thumb.tap("[data-post] > .btn-full")
    page.wait_for_url("**/posts/")
    until(page, lambda: Post.objects.filter(asset_id__isnull=False).exists())
    assert Post.objects.get().published_at is None
    assert not cuts
    assert thumb.taps <= MOST_TAPS
