"""A post from the phone: a clip of the camera or some lines, in at most eight taps."""

import re
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Request, Route, expect

from core.mediafiles.errors import explain
from core.models import Asset
from core.scope import CLIENT, scoped
from courses.posts.actions.posting import NewPost, make_post
from courses.posts.models import Post
from partners.models import Person
from tests.browser.author import make_author, until
from tests.core.media_samples import picture, video
from tests.courses.factories import make_course
from tests.partners.factories import make_partner, make_person
from tests.plugin.processes import Site

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MOST_TAPS = 8
PUBLISH = "[data-post-publish]"
HIT = """(selector) => {
  const button = document.querySelector(selector), box = button.getBoundingClientRect();
  const [wide, high] = [box.width, box.height];
  return [[3, high / 2], [wide - 3, high / 2], [wide / 2, 3], [wide / 2, high - 3], [wide / 2, high / 2]]
    .filter(([x, y]) => document.elementFromPoint(box.left + x, box.top + y)?.closest(selector) !== button)
    .concat(box.bottom > innerHeight ? ["below"] : []);
}"""
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
    thumb.tap(PUBLISH)
    page.wait_for_url("**/posts/")
    axe(page)
    assert Post.objects.get().video == "none"
    assert thumb.taps <= MOST_TAPS
    page.goto("/learn/")
    axe(page)
    page.goto("/")
    page.locator("#word").wait_for()
    page.get_by_text("新機能が出ました").tap()
    page.wait_for_url(re.compile("/modules/"))
    axe(page)


@pytest.mark.parametrize("size", [(360, 740), (360, 560), (320, 640), (1280, 800)])
def test_publish_is_in_reach_wherever_the_page_stands(thumb: Thumb, size: tuple[int, int]) -> None:
    page = thumb.page
    page.set_viewport_size({"width": size[0], "height": size[1]})
    thumb.tap('a[href="/posts/new/"]')
    page.wait_for_selector("[data-post-buttons]:visible")
    assert page.evaluate(HIT, PUBLISH) == []
    page.locator("#id_audience").select_option("chosen")
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    assert page.evaluate(HIT, PUBLISH) == []
    last = "document.querySelector('#id_lasts').getBoundingClientRect().bottom"
    bar = "document.querySelector('.act').getBoundingClientRect().top"
    assert page.evaluate(f"{last} <= {bar}"), "the last field is never behind the bar"
    page.locator("#id_text").fill("けさの話")
    stood = page.evaluate("scrollY")
    page.locator("#id_audience").select_option("everybody")
    page.evaluate(f"scrollTo(0, {stood})")
    page.tap(PUBLISH) if size[0] < 400 else page.click(PUBLISH)
    page.wait_for_url("**/posts/")


def test_a_phones_video_is_posted_prepared_and_played(
    thumb: Thumb,
    site: Site,
    beat: None,
    new_context: Callable[..., BrowserContext],
    sign_in: Callable[[BrowserContext, Any], None],
    axe: Callable[[Page], None],
    tmp_path: Path,
) -> None:
    page, clip = thumb.page, tmp_path / "IMG_0001.MOV"
    clip.write_bytes(video(4, "640x360", ending="mov"))
    rep = make_person(make_partner(), roles=["rep"])
    thumb.tap('a[href="/posts/new/"]')
    page.wait_for_selector("[data-post-buttons]:visible")
    thumb.film("[data-post-camera]", clip)
    thumb.tap("#id_text")
    page.keyboard.type("展示会の様子です。")
    thumb.tap(PUBLISH)
    page.wait_for_url("**/posts/")
    assert thumb.taps <= MOST_TAPS
    axe(page)

    theirs = new_context()
    sign_in(theirs, rep.account)
    phone = theirs.new_page()
    phone.goto("/")
    phone.get_by_text("展示会の様子です").tap()
    phone.wait_for_url(re.compile("/modules/"))
    made = Post.objects.get()
    if made.video == "coming":
        phone.locator(".coming").wait_for()
        axe(phone)
    until(phone, lambda: Post.objects.get().video == "ready")
    if phone.locator(".coming").count():
        phone.locator(".coming .btn").tap()
    phone.locator("[data-play]").tap()
    until(phone, lambda: phone.evaluate("document.querySelector('video').currentTime > 0.3"))
    axe(phone)
    page.reload()
    expect(page.locator("#posts progress")).to_have_count(0)


def test_a_file_that_is_no_video_is_explained_and_the_words_stay(
    thumb: Thumb, axe: Callable[[Page], None], tmp_path: Path
) -> None:
    page, clip = thumb.page, tmp_path / "朝.mp4"
    clip.write_bytes(b"<svg onload='alert(1)'/>" * 50)
    thumb.tap('a[href="/posts/new/"]')
    page.wait_for_selector("[data-post-buttons]:visible")
    page.locator("#id_text").fill("のこる言葉")
    thumb.film("[data-post-camera]", clip)
    page.locator("[data-post-refused]").wait_for()
    expect(page.locator("[data-post-refused]")).to_contain_text("MP4")
    expect(page.locator("#id_text")).to_have_value("のこる言葉")
    axe(page)
    thumb.tap(PUBLISH)
    page.wait_for_url("**/posts/")
    assert Post.objects.get().asset_id is None


def test_a_post_is_made_a_lesson_and_opens_at_the_desk(thumb: Thumb) -> None:
    page = thumb.page
    course = make_course("価格の対話")
    page.goto("/posts/new/")
    page.locator("#id_text").fill("値段の聞かれ方が変わりました。")
    page.locator(PUBLISH).tap()
    page.wait_for_url("**/posts/")
    page.get_by_role("link", name="レッスンにする").tap()
    page.get_by_role("button", name="レッスンにする").tap()
    page.wait_for_url(re.compile("/authoring/modules/"))
    page.wait_for_selector("[data-desk-ready]", state="attached")
    expect(page.locator("[data-blocks]")).to_contain_text("値段の聞かれ方が変わりました。")
    assert course.modules.get().version_id is None


def test_a_picture_is_seen_before_it_is_posted(thumb: Thumb, tmp_path: Path) -> None:
    page, shot = thumb.page, tmp_path / "朝.jpg"
    shot.write_bytes(picture())
    thumb.tap('a[href="/posts/new/"]')
    page.wait_for_selector("[data-post-buttons]:visible")
    thumb.film("[data-post-choose]", shot)
    image = page.locator("[data-post-picture] img")
    expect(image).to_be_visible()
    until(page, lambda: image.evaluate("each => each.naturalWidth > 0"))
    thumb.tap("[data-post-remove]")
    expect(image).to_be_hidden()


def test_without_script_a_post_is_one_form(
    new_context: Callable[..., BrowserContext],
    sign_in: Callable[[BrowserContext, Any], None],
    site: Site,
    tmp_path: Path,
) -> None:
    shot = tmp_path / "朝.jpg"
    shot.write_bytes(picture())
    context = new_context(java_script_enabled=False)
    sign_in(context, make_author().account)
    page = context.new_page()
    page.goto("/posts/new/")
    page.locator("#id_file").set_input_files(shot)
    page.locator(PUBLISH).tap()
    page.wait_for_url("**/posts/")
    assert Post.objects.get().asset_id is not None


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
    thumb.tap(PUBLISH)
    page.wait_for_url("**/posts/")
    until(page, lambda: Post.objects.filter(asset_id__isnull=False).exists())
    assert Post.objects.get().video in {"coming", "ready"}
    assert not cuts
    assert thumb.taps <= MOST_TAPS


def test_a_long_list_of_partners_is_narrowed_by_what_is_typed(thumb: Thumb) -> None:
    page = thumb.page
    for number in range(14):
        make_partner(f"株式会社{number:02}商事")
    page.goto("/posts/new/")
    page.wait_for_selector("[data-post-buttons]:visible")
    page.locator("#id_text").fill("選んだ方だけへ")
    page.locator("#id_audience").select_option("chosen")
    page.get_by_label("株式会社03商事").check(force=True)
    page.locator("#find").fill("０７商")
    expect(page.locator(".checks label:visible")).to_have_text(["株式会社03商事", "株式会社07商事"])
    page.get_by_label("株式会社07商事").check(force=True)
    page.locator("#find").press("Enter")
    page.locator(PUBLISH).tap()
    page.wait_for_url("**/posts/")
    readers = Post.objects.get().module.readers
    assert sorted(readers.values_list("organisation__name", flat=True)) == [
        "株式会社03商事",
        "株式会社07商事",
    ]


@pytest.mark.parametrize("target", ["/", "/learn/", "post"])
def test_with_posts_a_reps_first_visit_stays_light(
    page: Page, sign_in: Callable[[BrowserContext, Any], None], site: Site, target: str
) -> None:
    author, rep = make_author(), make_person(make_partner(), roles=["rep"])
    with scoped(CLIENT):
        made = [
            _posted(author, f"けさの話その{number}。\n\n" + "長い話です。" * 60)
            for number in range(12)
        ]
    sign_in(page.context, rep.account)
    asked: list[Request] = []
    page.on("request", lambda each: asked.append(each))  # noqa: PLW0108 - Playwright marks it
    address = f"/modules/{made[0].module_id}/" if target == "post" else target
    page.goto(address, wait_until="networkidle")
    ours = [each for each in asked if "/media/" not in each.url and each.service_worker is None]
    sizes = [
        sum(each.sizes()[kind] for kind in ("responseBodySize", "responseHeadersSize"))
        for each in ours
    ]
    assert len(ours) <= 12, [each.url for each in ours]
    assert sum(sizes) <= 60 * 1024


def test_what_was_opened_a_moment_ago_is_read(
    page: Page, sign_in: Callable[[BrowserContext, Any], None]
) -> None:
    author = make_author()
    _posted(author, "新しい資料が届きました。\n今日から使えます。")
    page.clock.install()
    sign_in(page.context, make_person(make_partner()).account)
    page.goto("/")
    expect(page.locator("[data-unread]")).to_be_visible()
    page.get_by_role("link", name="新しい資料が届きました").click()
    page.wait_for_load_state()
    page.clock.fast_forward(3_000)
    page.get_by_role("link", name="ホームへ戻る").first.click()
    expect(page.get_by_text("既読")).to_be_visible()


def _posted(person: Person, text: str) -> Post:
    wanted = NewPost(
        key=uuid.uuid4(),
        text=text,
        title="",
        language="ja",
        audience="everybody",
        organisations=[],
        days=7,
    )
    return make_post(person=person, wanted=wanted)


def test_a_video_that_fails_before_it_is_posted_is_explained_and_the_words_can_go_alone(
    thumb: Thumb, axe: Callable[[Page], None], tmp_path: Path
) -> None:
    page, clip = thumb.page, tmp_path / "朝.mp4"
    clip.write_bytes(video(1))
    thumb.tap('a[href="/posts/new/"]')
    page.wait_for_selector("[data-post-buttons]:visible")
    thumb.film("[data-post-camera]", clip)
    page.locator("[data-post-there]").wait_for()
    until(page, lambda: Asset.objects.filter(state="ready").exists())
    Asset.objects.update(state="failed", error="video_broken")
    page.locator("#id_text").fill("のこる言葉")
    thumb.tap(PUBLISH)
    expect(page.locator("[data-post-refused]")).to_contain_text(explain("video_broken"))
    expect(page.locator("#id_text")).to_have_value("のこる言葉")
    expect(page.locator("[data-post-there]")).to_be_hidden()
    page.locator('.banner a[href="#camera"], a[href="#camera"]').first.tap()
    axe(page)
    thumb.tap(PUBLISH)
    page.wait_for_url("**/posts/")
    assert Post.objects.get().asset_id is None
