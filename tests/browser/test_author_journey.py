"""From an empty shelf to a rep's result: a course is written, published, assigned, learnt and seen by the manager."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Locator, Page, expect

from analytics.actions import mend
from core.models import Asset
from core.scope import CLIENT, scoped
from courses.assignments.models import Enrolment
from courses.authoring.actions.publications import publish_due
from courses.authoring.models import PlannedPublication
from courses.catalog.models import Course, Module
from partners.models import Person
from tests.browser.author import card, data_of, tab_to, until
from tests.browser.learner import choose, expect_result, go, module_address, settle
from tests.browser.learner import until as until_page
from tests.browser.people import fill, send
from tests.core.media_samples import video
from tests.courses.quizzes.bank.samples import make_author, make_item
from tests.partners.factories import make_partner, make_person, make_team
from tests.plugin.processes import Site

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[BrowserContext, Any], None]
NewContext = Callable[..., BrowserContext]

PHONE = {
    "viewport": {"width": 360, "height": 740},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}
desktop = pytest.mark.parametrize("device", ["desktop"])
VTT = "WEBVTT\n\n00:00.000 --> 00:05.000\nはじめまして。\n".encode()


@pytest.fixture
def author(page: Page, sign_in: SignIn, site: Site) -> Person:
    """An author with one question in the bank, signed in."""
    author = make_author()
    make_item(author)
    sign_in(page.context, author.account)
    return author


def begin(page: Page, title: str) -> Module:
    """Make an empty module of the one course, and open its desk."""
    with scoped(CLIENT):
        course = Course.objects.get()
    page.goto(f"/authoring/courses/{course.pk}/modules/new/")
    fill(page, title=title)
    page.locator('input[value="empty"]').check()
    send(page)
    page.wait_for_selector("[data-desk-ready]", state="attached")
    page.locator('[data-doc="summary"]').fill("まず聞けるようになります。")
    card(page, 1).locator(".rich-text").click()
    page.keyboard.type("決めるのは")
    return Module.objects.get(title=title)


def add(page: Page, kind: str) -> Locator:
    """Add a block at the end, by mouse, and return its card."""
    before = page.locator("[data-blocks] > li").count()
    page.locator("[data-document] [data-add-end]").click()
    page.locator(f'[data-add-dialog] [value="{kind}"]').click()
    expect(page.locator("[data-blocks] > li")).to_have_count(before + 1)
    return card(page, before + 1)


def saved(module: Module, kind: str) -> dict[str, Any]:
    """Return what the server has of the first block of a kind; nothing where there is none yet."""
    return data_of(module, kind) if module.blocks.filter(kind=kind).exists() else {}


def write_question(block: Locator) -> None:
    """Write one question by hand; its first option is right."""
    block.locator('[data-add-question="single"]').click()
    block.locator("[data-q=stem]").last.fill("最初に何をしますか")
    for place, text in enumerate(("聞く", "話す", "帰る")):
        block.locator("[data-o=text]").nth(place).fill(text)
    block.locator("[data-o=correct]").first.check()


def publish(page: Page, module: Module, *, at: str = "") -> None:
    """Look at the preview, then publish, now or at a date."""
    page.goto(f"/authoring/modules/{module.pk}/preview/")
    expect(page.frame_locator("iframe").locator("h1")).to_have_text(module.title)
    page.goto(f"/authoring/modules/{module.pk}/publish/")
    if not at:
        page.locator('button[value="now"]').click()
    else:
        page.locator("details.later summary").click()
        page.locator('input[name="at"]').fill(at)
        page.locator('button[value="plan"]').click()
    expect(page.locator(".banner-ok").first).to_be_visible()


# Makes a video, has it prepared (some 20 s), and walks through desk, phone and manager's page.
@pytest.mark.timeout(600)
@desktop
def test_a_course_is_made_published_assigned_learnt_and_seen(
    page: Page,
    author: Person,
    new_context: NewContext,
    sign_in: SignIn,
    site: Site,
    tmp_path: Path,
) -> None:
    partner = make_partner("みらい営業")
    team = make_team(partner, "第1チーム")
    rep = make_person(partner, team=team, family_name="高橋", given_name="美咲")
    manager = make_person(partner, roles=["manager"], family_name="佐藤")
    page.goto("/authoring/")
    page.locator('main a[href="/authoring/courses/new/"]').first.click()
    fill(page, title="はじめての商談")
    send(page)
    page.wait_for_url("**/modules/new/")

    film = _with_video(page, tmp_path)
    story = _with_quiz(page)
    words = _with_term(page)
    publish(page, film)
    publish(page, words)
    tomorrow = timezone.localtime() + dt.timedelta(days=1)
    publish(page, story, at=tomorrow.strftime("%Y-%m-%dT09:00"))
    PlannedPublication.objects.update(at=timezone.now() - dt.timedelta(minutes=1))
    assert publish_due() == 1

    _assign(page, Course.objects.get(), tomorrow)
    site.worker.wait_until_idle()
    assert set(Enrolment.objects.values_list("person_id", flat=True)) == {rep.pk}

    context = new_context(**PHONE)
    sign_in(context, rep.account)
    _learn(context.new_page(), film, words, story)
    site.worker.wait_until_idle()
    assert mend() > 0

    office = new_context()
    sign_in(office, manager.account)
    seen = office.new_page()
    seen.goto("/team/")
    expect(seen.locator("main")).to_contain_text("高橋 美咲")
    seen.goto(f"/team/modules/{story.pk}/")
    expect(seen.locator("main")).to_contain_text("1人中 1人")


def _with_video(page: Page, folder: Path) -> Module:
    module, file = begin(page, "お客さまの声"), folder / "訪問.mp4"
    file.write_bytes(video(6))
    block = add(page, "video")
    block.locator('input[type="file"]').set_input_files(file)
    until(page, lambda: saved(module, "video").get("asset"))
    expect(block.locator("[data-film]")).to_be_visible()
    with page.expect_popup() as opened:
        block.locator('[data-language="ja"] a').click()
    captions = opened.value
    captions.locator("summary").last.click()
    captions.locator('form[enctype] [name="file"]').set_input_files(
        {"name": "ja.vtt", "mimeType": "text/vtt", "buffer": VTT}
    )
    captions.locator("form[enctype] button").click()
    until(page, lambda: Asset.objects.filter(captions__language="ja").exists())
    captions.close()
    return module


def _with_quiz(page: Page) -> Module:
    module, story = begin(page, "木村さんの朝"), add(page, "story")
    story.locator('[data-field="name"]').fill("木村 由紀")
    for field in ("before", "turning_point", "after"):
        story.locator(f'[data-field="{field}"]').fill(f"{field}のこと")
    block = add(page, "quiz")
    write_question(block)
    block.locator("[data-open-bank]").click()
    block.locator("[data-bank-dialog] [data-take]").first.click()
    page.keyboard.press("Escape")
    until(page, lambda: len(saved(module, "quiz").get("items") or []) == 2)
    return module


def _with_term(page: Page) -> Module:
    module, block = begin(page, "稟議とは"), card(page, 1)
    block.locator('[data-do="term"]').click()
    dialog = page.locator("[data-term-dialog]")
    dialog.locator("#term-word").fill("稟議")
    dialog.locator("summary").click()
    dialog.locator('[name="reading"]').fill("りんぎ")
    dialog.locator('[name="meaning"]').fill("書類を回して承認を集めます。")
    dialog.locator("[data-term-add]").click()
    until(page, lambda: "稟議" in str(saved(module, "text")))
    return module


def _assign(page: Page, course: Course, due: dt.datetime) -> None:
    page.goto(f"/assignments/new/?course={course.pk}")
    page.locator("#find").fill("第1チーム")
    page.locator('button[value="find"]').click()
    page.get_by_label("第1チーム").check()
    page.locator('[name="due_on"]').fill(due.date().isoformat())
    page.locator('button[value="preview"]').click()
    page.locator('button[value="send"]').click()
    page.wait_for_url("**/assignments/*-*/")


def _learn(phone: Page, film: Module, words: Module, story: Module) -> None:
    settle(phone)
    phone.goto("/")
    expect(phone.locator(".next")).to_contain_text("明日まで")
    phone.goto(module_address(words))
    phone.locator("dfn > button").first.click()
    expect(phone.get_by_role("note")).to_contain_text("りんぎ")
    phone.goto(module_address(film))
    expect(phone.locator("video track[default]")).to_have_attribute("srclang", "ja")
    phone.locator('[data-keep-if="none"]').click()
    expect(phone.locator('[data-keep-if="kept"]')).to_be_visible()
    phone.context.set_offline(True)
    phone.reload()
    phone.locator("[data-play]").click()
    until_page(phone, "document.querySelector('video').currentTime > 0.3")
    phone.evaluate("document.querySelector('video').currentTime = 4")
    until_page(phone, "document.querySelector('video').currentTime > 4.3")
    shown = "[...document.querySelector('video').textTracks].some((t) => t.cues?.length)"
    assert phone.evaluate(shown)
    phone.evaluate("document.querySelector('video').pause()")
    phone.context.set_offline(False)
    phone.goto(f"/modules/{story.pk}/quiz/")
    for item in data_of(story, "quiz")["items"]:
        choose(phone, [each["key"] for each in item["options"] if each["correct"]])
        go(phone).click()
    expect_result(phone, "2問中 2問 正解")


@desktop
def test_the_same_is_written_published_and_assigned_by_keys_alone(
    page: Page, author: Person
) -> None:
    rep = make_person(make_partner("みらい営業"))
    page.goto("/authoring/courses/new/")
    tab_to(page, '[name="title"]')
    page.keyboard.type("鍵だけの講座")
    page.keyboard.press("Enter")
    page.wait_for_url("**/modules/new/")
    tab_to(page, '[name="title"]')
    page.keyboard.type("木村さんの朝")
    tab_to(page, '[name="template"][value="empty"]')
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-desk-ready]", state="attached")
    module = Module.objects.get()
    _write_by_keys(page, module)
    expect(page.locator("[data-problems]")).to_be_hidden()

    tab_to(page, 'a[href$="/preview/"]', key="Shift+Tab", most=90)
    page.keyboard.press("Enter")
    expect(page.frame_locator("iframe").locator("h1")).to_have_text("木村さんの朝")
    page.go_back()
    page.wait_for_selector("[data-desk-ready]", state="attached")
    tab_to(page, "[data-publish]", most=90)
    page.keyboard.press("Enter")
    page.wait_for_url("**/publish/")
    tab_to(page, 'button[value="now"]')
    page.keyboard.press("Enter")
    expect(page.locator(".banner-ok").first).to_be_visible()
    _assign_by_keys(page, module)
    assert set(Enrolment.objects.values_list("person_id", flat=True)) == {rep.pk}


def _write_by_keys(page: Page, module: Module) -> None:
    """Write a summary, a text, a story and a question."""
    tab_to(page, '[data-doc="summary"]')
    page.keyboard.type("まず聞けます")
    tab_to(page, ".rich-text")
    page.keyboard.type("まず聞きます。")
    page.keyboard.press("Control+Enter")
    tab_to(page, '[data-add-dialog] [value="story"]')
    page.keyboard.press("Enter")
    for field in ("name", "before", "turning_point", "after"):
        tab_to(page, f'[data-field="{field}"]')
        page.keyboard.type(f"{field}のこと")
    page.keyboard.press("Control+Enter")
    tab_to(page, '[data-add-dialog] [value="quiz"]')
    page.keyboard.press("Enter")
    tab_to(page, '[data-add-question="single"]')
    page.keyboard.press("Enter")
    page.keyboard.type("最初に何をしますか")
    tab_to(page, "[data-option]:nth-child(1) [data-o=correct]")
    page.keyboard.press("Space")
    for place, text in enumerate(("聞く", "話す", "帰る"), start=1):
        tab_to(page, f"[data-option]:nth-child({place}) [data-o=text]")
        page.keyboard.type(text)
    until(page, lambda: "帰る" in str(saved(module, "quiz")))


def _assign_by_keys(page: Page, module: Module) -> None:
    page.goto(f"/assignments/new/?module={module.pk}")
    tab_to(page, "#find")
    page.keyboard.type("みらい営業")
    tab_to(page, 'button[value="find"]')
    page.keyboard.press("Enter")
    expect(page.locator("#whom [role=status]")).to_contain_text("みらい営業")
    tab_to(page, '#whom input[type="checkbox"]')
    page.keyboard.press("Space")
    tab_to(page, 'button[value="preview"]', most=90)
    page.keyboard.press("Enter")
    tab_to(page, 'button[value="send"]')
    page.keyboard.press("Enter")
    page.wait_for_url("**/assignments/*-*/")
