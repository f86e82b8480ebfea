"""Captions are written beside their video: added, split, moved, undone, mended, and then shown to reps."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from core.mediafiles.actions import add_ready_video
from core.models import Asset, Caption
from partners.models import Account
from tests.core.media_samples import picture, video
from tests.partners.factories import make_client, make_person
from tests.plugin.processes import Site

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

VTT = (
    "WEBVTT\n\n00:00:00.500 --> 00:00:02.500\nはじめまして。ホナミです。\n\n"
    "00:00:03.000 --> 00:00:05.000\n今日はありがとうございます。\n"
)


@pytest.fixture
def asset(tmp_path: Path, site: Site) -> Asset:
    """A video of eight seconds with two captions in Japanese."""
    film, poster = tmp_path / "film.mp4", tmp_path / "poster.png"
    film.write_bytes(video(8))
    poster.write_bytes(picture((320, 180), kind="PNG"))
    return add_ready_video(film, poster, name="訪問", captions={"ja": VTT})


@pytest.fixture
def desk(
    page: Page, sign_in: Callable[[BrowserContext, Any], None], asset: Asset, language: str
) -> Page:
    """The page of the video's Japanese captions."""
    author = make_person(make_client(), roles=["author"], language=language)
    sign_in(page.context, author.account)
    page.goto(f"/media/library/{asset.pk}/captions/ja/")
    expect(page.locator('[data-do="add"]')).to_be_visible()
    return page


def texts(page: Page) -> list[str]:
    return page.locator('[data-rows] [name="text"]').evaluate_all("all => all.map((e) => e.value)")


def row(page: Page, number: int) -> Locator:
    return page.locator("[data-cue]").nth(number)


def do(where: Page | Locator, what: str) -> None:
    where.locator(f'[data-do="{what}"]').first.click()


def wind(page: Page, seconds: float) -> None:
    page.locator("video").evaluate(
        "(v, to) => new Promise((done) => { v.addEventListener('seeked', done, { once: true });"
        " v.currentTime = to; })",
        seconds,
    )


def save(page: Page) -> None:
    page.locator("[data-rows-form] .act .btn").click()


@pytest.mark.parametrize(
    ("device", "language"), [("phone", "ja"), ("desktop", "en")], ids=["phone ja", "desktop en"]
)
def test_captions_are_written_beside_the_video(
    desk: Page, asset: Asset, axe: Callable[[Page], None]
) -> None:
    axe(desk)
    wind(desk, 6)
    do(desk, "add")
    row(desk, 2).locator('[name="text"]').fill("それでは、始めましょう。")
    text = row(desk, 0).locator('[name="text"]')
    text.evaluate("(e) => e.setSelectionRange(7, 7)")
    do(row(desk, 0), "split")
    assert texts(desk)[:2] == ["はじめまして。", "ホナミです。"]
    do(row(desk, 2), "delete")
    assert len(texts(desk)) == 3
    do(desk, "undo")
    assert texts(desk)[2] == "今日はありがとうございます。"
    row(desk, 3).locator('[name="ends"]').fill("あと")
    save(desk)
    expect(row(desk, 3).locator("[data-errors]")).to_be_visible()
    expect(row(desk, 3).locator('[name="ends"]')).to_be_focused()
    axe(desk)
    assert Caption.objects.get().text == VTT
    row(desk, 3).locator('[name="ends"]').fill("７.５")
    save(desk)
    expect(desk.locator("[data-saved]")).to_have_text(
        {"ja": "字幕を保存しました。", "en": "The captions are saved."}[lang(desk)]
    )
    saved = Caption.objects.get().text
    assert saved.count("-->") == 4
    assert "00:00:06.000 --> 00:00:07.500\nそれでは、始めましょう。" in saved
    assert "00:00:01.500 --> 00:00:02.500\nホナミです。" in saved
    desk.reload()
    assert len(texts(desk)) == 4


def lang(page: Page) -> str:
    return str(page.locator("html").get_attribute("lang"))


@pytest.mark.parametrize("device", ["desktop"])
def test_all_times_move_and_the_video_shows_what_is_written(desk: Page) -> None:
    desk.locator("summary").first.click()
    desk.locator("[data-by]").fill("1.5")
    do(desk, "later")
    assert row(desk, 0).locator('[name="begins"]').input_value() == "0:02.000"
    wind(desk, 2.5)
    shown = "(v) => [...v.textTracks[0].activeCues].map((c) => c.text)"
    expect(row(desk, 0)).to_have_attribute("data-now", "")
    assert desk.locator("video").evaluate(shown) == ["はじめまして。ホナミです。"]
    save(desk)
    expect(desk.locator("[data-saved]")).to_have_text("字幕を保存しました。")
    assert "00:00:02.000 --> 00:00:04.000" in Caption.objects.get().text


@pytest.mark.parametrize("device", ["desktop"])
def test_somebody_else_s_change_is_not_overwritten_unseen(desk: Page, asset: Asset) -> None:
    row(desk, 0).locator('[name="text"]').fill("こんにちは。")
    theirs = VTT.replace("ありがとう", "どうも")
    Caption.objects.update(text=theirs)
    save(desk)
    expect(desk.locator("[data-problem]")).to_contain_text("ほかの人が")
    assert Caption.objects.get().text == theirs
    save(desk)
    expect(desk.locator("[data-saved]")).to_have_text("字幕を保存しました。")
    assert "こんにちは。" in Caption.objects.get().text


TYPED = "こんばんは。"


def type_one(page: Page) -> None:
    row(page, 0).locator('[name="text"]').fill(TYPED)
    expect(page.locator("[data-saved]")).to_have_text(
        "まだ保存していません（この端末には残っています）"
    )


@pytest.mark.parametrize("device", ["desktop"])
def test_what_was_typed_and_not_saved_is_offered_again(desk: Page, asset: Asset) -> None:
    type_one(desk)
    desk.goto("/media/library/")
    desk.goto(f"/media/library/{asset.pk}/captions/en/")
    expect(desk.locator("[data-kept]")).to_be_hidden()
    desk.goto(f"/media/library/{asset.pk}/captions/ja/")
    offer = desk.locator("[data-kept]")
    expect(offer).to_contain_text("保存していない字幕が、この端末に残っています")
    assert texts(desk)[0] == "はじめまして。ホナミです。"
    offer.locator('[data-kept-do="take"]').click()
    expect(offer).to_be_hidden()
    assert texts(desk)[0] == TYPED
    save(desk)
    expect(desk.locator("[data-saved]")).to_have_text("字幕を保存しました。")
    assert TYPED in Caption.objects.get().text
    desk.reload()
    expect(offer).to_be_hidden()


@pytest.mark.parametrize("device", ["desktop"])
def test_a_file_that_cannot_be_read_costs_nothing_that_was_typed(desk: Page, asset: Asset) -> None:
    type_one(desk)
    desk.locator("summary").nth(1).click()
    desk.locator('[type="file"]').set_input_files(
        {"name": "a.srt", "mimeType": "text/plain", "buffer": b"nothing"}
    )
    desk.locator('form:has([type="file"]) .btn').click()
    expect(desk.locator('[aria-invalid="true"], .banner-bad').first).to_be_visible()
    Caption.objects.update(text=VTT.replace("ありがとう", "どうも"))
    desk.goto(f"/media/library/{asset.pk}/captions/ja/")
    expect(desk.locator("[data-kept-changed]")).to_be_visible()
    desk.locator('[data-kept-do="take"]').click()
    save(desk)
    expect(desk.locator("[data-problem]")).to_contain_text("ほかの人が")
    desk.reload()
    desk.locator('[data-kept-do="drop"]').click()
    desk.reload()
    expect(desk.locator("[data-rows] [name=text]").nth(1)).to_have_value(re.compile("どうも"))
    expect(desk.locator("[data-kept]")).to_be_hidden()


@pytest.mark.parametrize("device", ["desktop"])
def test_an_ended_session_is_said_with_the_way_back_in(
    desk: Page, sign_in: Callable[[BrowserContext, Any], None], axe: Callable[[Page], None]
) -> None:
    me = Account.objects.get()
    type_one(desk)
    desk.context.clear_cookies()
    save(desk)
    ended = desk.locator("[data-signed-out]")
    expect(ended).to_contain_text("この端末に残っています")
    expect(ended.locator("a")).to_have_attribute("href", "/accounts/login/")
    axe(desk)
    sign_in(desk.context, me)
    desk.request.get("/media/library/")  # the cookie of a new session's token
    save(desk)
    expect(desk.locator("[data-saved]")).to_have_text("字幕を保存しました。")
    expect(ended).to_be_hidden()
    assert TYPED in Caption.objects.get().text


@pytest.mark.parametrize("device", ["phone"])
def test_saving_stands_above_the_tab_bar_wherever_the_page_is(desk: Page) -> None:
    for y in (0, 200, 100_000):
        desk.evaluate("(y) => scrollTo(0, y)", y)
        button, bar = desk.locator("[data-rows-form] .act .btn"), desk.locator(".nav")
        low, high = button.bounding_box(), bar.bounding_box()
        assert low
        assert high
        assert low["y"] + low["height"] <= high["y"], y
        assert low["y"] > 0, y
