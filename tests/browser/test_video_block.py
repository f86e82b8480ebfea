"""A video in a module's draft: uploaded at the desk over a broken line, prepared, captioned, chosen again."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from playwright.sync_api import BrowserContext, Page, expect

from core.mediafiles import actions
from core.mediafiles.captions import Cue
from core.models import Asset
from partners.models import Person
from tests.browser.author import card, data_of, make_author, make_draft, open_desk, until
from tests.core.media_samples import video
from tests.plugin.processes import Site

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Axe = Callable[[Page], None]

desktop = pytest.mark.parametrize("device", ["desktop"])


@pytest.fixture
def author(
    page: Page, sign_in: Callable[[BrowserContext, Any], None], site: Site, language: str
) -> Person:
    """An author, signed in."""
    author = make_author(language=language)
    sign_in(page.context, author.account)
    return author


@pytest.mark.parametrize(
    ("device", "language"), [("phone", "ja"), ("desktop", "en")], ids=["phone ja", "desktop en"]
)
def test_a_video_is_uploaded_prepared_and_asked_for_its_captions(
    page: Page, author: Person, axe: Axe, tmp_path: Path
) -> None:
    module = make_draft(("video", {"asset": None}))
    film = tmp_path / "訪問.mp4"
    film.write_bytes(video(2))
    open_desk(page, module)
    block = card(page, 1)
    axe(page)
    page.context.set_offline(True)
    block.locator('input[type="file"]').set_input_files(film)
    expect(block.locator('[data-when="away"]')).to_be_visible()
    axe(page)
    page.context.set_offline(False)
    expect(block.locator("[data-chosen]")).to_be_visible()
    until(page, lambda: data_of(module, "video")["asset"])
    expect(block.locator("[data-film]")).to_be_visible()
    expect(block.locator("[data-video-name]")).to_have_text("訪問")
    expect(block.locator('[data-language="ja"] .down')).to_be_visible()
    axe(page)
    asset = Asset.objects.get()
    assert data_of(module, "video")["asset"] == str(asset.pk)
    base = actions.captions_base("")
    actions.write_captions(asset=asset, language="ja", cues=[Cue(0, 1000, "やあ")], base=base)
    with page.expect_popup() as opened:
        block.locator('[data-language="en"] a').click()
    expect(opened.value.locator('[data-do="add"]')).to_be_visible()
    opened.value.close()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(block.locator('[data-language="ja"] .down')).to_be_hidden()
    expect(block.locator("track")).to_have_attribute("srclang", "ja")
    playing = "(v) => v.play().then(() => v.duration)"
    assert 1.5 < block.locator("video").evaluate(playing) < 2.5


@desktop
def test_what_is_no_video_is_explained_at_the_block(page: Page, author: Person, axe: Axe) -> None:
    module = make_draft(("video", {"asset": None}))
    open_desk(page, module)
    block = card(page, 1)
    block.locator('input[type="file"]').set_input_files(
        {"name": "a.mp4", "mimeType": "video/mp4", "buffer": b"%PDF-1.7"}
    )
    expect(block.locator("[data-error-text]")).to_contain_text("MP4・MOV・WebM")
    axe(page)
    assert not Asset.objects.exists()


@desktop
def test_a_video_that_failed_says_why_and_can_be_tried_again(page: Page, author: Person) -> None:
    actions.add_video(ContentFile(video(4)[:5000]), name="途中まで")
    asset = Asset.objects.get()
    module = make_draft(("video", {"asset": str(asset.pk)}))
    open_desk(page, module)
    block = card(page, 1)
    expect(block.locator("[data-failed]")).to_contain_text("最後まで")
    block.locator("[data-retry]").click()
    expect(block.locator("[data-failed]")).to_be_hidden()
    expect(block.locator("[data-failed]")).to_be_visible()
    block.locator("[data-away]").click()
    until(page, lambda: data_of(module, "video")["asset"] is None)
