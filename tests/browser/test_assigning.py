"""Assigning on a PC, with and without script, and what a rep sees of it on the phone."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from core.models import OutgoingMail
from core.scope import CLIENT, scoped
from courses.assignments.models import Assignment, Enrolment
from partners.models import Person
from tests.browser.learner import make_lesson
from tests.courses.assignments.factories import make_assignment, person_target, told_yesterday
from tests.courses.factories import make_module
from tests.partners.factories import make_client, make_partner, make_person, make_team
from tests.plugin.browser import complaints_of
from tests.plugin.processes import Site

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[BrowserContext, Any], None]
NewContext = Callable[..., BrowserContext]
Axe = Callable[[Page], None]

PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}

SAID = {
    "ja": {"reach": "対象2人", "send": "2人に割り当てる", "due": "明日まで", "opens": "修了すると"},
    "en": {"reach": "Asked2 people", "send": "Assign to 2", "due": "due tomorrow", "opens": "Once finished: "},
}  # fmt: skip


@pytest.fixture
def author(language: str) -> Person:
    """An author of the client."""
    return make_person(make_client(), roles=["author"], language=language)


@pytest.fixture
def rep(language: str) -> Person:
    """A rep who belongs to a team of two, beside others."""
    partner = make_partner("みらい営業")
    team = make_team(partner, "第1チーム")
    make_person(partner, team=team), make_person(partner), make_person(make_partner("あおば"))
    return make_person(partner, team=team, family_name="高橋", given_name="美咲", language=language)


@pytest.mark.parametrize(("device", "language"), [("desktop", "ja"), ("desktop", "en")])
def test_from_the_module_to_the_reps_first_page(
    page: Page,
    author: Person,
    rep: Person,
    sign_in: SignIn,
    new_context: NewContext,
    axe: Axe,
    site: Site,
    language: str,
) -> None:
    said, lesson = SAID[language], make_lesson()
    sign_in(page.context, author.account)
    page.goto(f"/modules/{lesson.pk}/")
    page.locator(f'main a[href$="?module={lesson.pk}"]').click()
    axe(page)
    page.locator("#find").fill("第1チーム")
    page.locator('button[value="find"]').click()
    page.get_by_label("第1チーム").check()
    expect(page.locator("#reach")).to_contain_text(said["reach"])
    page.locator('[name="due_on"]').fill(tomorrow())
    page.locator("main details summary").click()
    page.locator('[name="opens"]').fill("チェック4.0の販売")
    page.locator('[name="message"]').fill("電話の前に、ぜひ。")
    axe(page)
    page.locator('button[value="preview"]').click()
    page.locator("main details summary").click()
    expect(page.locator("main")).to_contain_text("高橋 美咲")
    axe(page)
    assert not Assignment.objects.exists()
    page.get_by_role("button", name=said["send"]).click()
    page.wait_for_url("**/assignments/*-*/")
    expect(page.locator("main")).to_contain_text("高橋 美咲")
    axe(page)
    page.goto("/assignments/")
    expect(page.locator("main .rowlink")).to_have_count(1)
    axe(page)
    site.worker.wait_until_idle()
    assert OutgoingMail.objects.filter(recipient=rep.email).count() == 1
    _see_it_as_rep(new_context, sign_in, axe, rep, said)


def _see_it_as_rep(
    new_context: NewContext, sign_in: SignIn, axe: Axe, rep: Person, said: dict[str, str]
) -> None:
    context = new_context(**PHONE)
    sign_in(context, rep.account)
    phone = context.new_page()
    complaints = complaints_of(phone)
    phone.goto("/")
    for words in (said["due"], said["opens"], "チェック4.0の販売"):
        expect(phone.locator(".next")).to_contain_text(words)
    axe(phone)
    phone.goto("/learn/")
    expect(phone.locator("main .rowlink").first).to_contain_text(said["due"])
    axe(phone)
    phone.locator("main .rowlink").first.click()
    expect(phone.locator("main")).to_contain_text("電話の前に、ぜひ。")
    axe(phone)
    phone.goto("/notices/")
    expect(phone.locator("main .rowlink, main li").first).to_contain_text("高い")
    assert not complaints


@pytest.mark.parametrize("device", ["desktop"])
def test_assigning_works_without_script(
    new_context: NewContext, author: Person, rep: Person, sign_in: SignIn
) -> None:
    lesson = make_lesson()
    context = new_context(java_script_enabled=False)
    sign_in(context, author.account)
    page = context.new_page()
    page.goto("/assignments/new/")
    page.locator(f'main a[href="?module={lesson.pk}"]').click()
    page.locator("#find").fill("高橋")
    page.locator('button[value="find"]').click()
    page.locator(f'[name="to"][value="{person_target(rep)}"]').check()
    page.locator('button[value="preview"]').click()
    page.locator('button[value="back"]').click()
    expect(page.locator(f'[name="to"][value="{person_target(rep)}"]')).to_be_checked()
    page.locator('button[value="preview"]').click()
    page.locator('button[value="send"]').click()
    expect(page.locator("main .banner-ok")).to_be_visible()
    with scoped(CLIENT):
        assert Enrolment.objects.get().person_id == rep.pk


def test_a_partners_manager_looks_after_the_own_people_on_the_phone(
    page: Page, rep: Person, sign_in: SignIn, axe: Axe, site: Site
) -> None:
    manager = make_person(rep.organisation, roles=["manager"])
    make_assignment(make_lesson(), [person_target(rep)])
    site.worker.wait_until_idle()
    Enrolment.objects.update(due_at=timezone.now() - dt.timedelta(days=2))
    told_yesterday()
    sign_in(page.context, manager.account)
    page.goto("/assignments/")
    page.locator("main .rowlink").click()
    expect(page.locator("main .rowlink")).to_contain_text("までの予定でした")
    axe(page)
    page.locator('form[action$="/remind/"] button').click()
    expect(page.locator("main .banner")).to_contain_text("1人にお知らせしました")
    site.worker.wait_until_idle()
    axe(page)


def tomorrow() -> str:
    """Return tomorrow as a date field takes it."""
    return (timezone.localdate() + dt.timedelta(days=1)).isoformat()


@pytest.mark.parametrize(("device", "language"), [("phone", "en"), ("phone", "ja")])
def test_the_views_of_people_break_no_word(page: Page, author: Person, sign_in: SignIn) -> None:
    row = make_assignment(make_lesson(), [person_target(make_person(make_partner()))])
    sign_in(page.context, author.account)
    for width in (320, 360):
        page.set_viewport_size({"width": width, "height": 740})
        page.goto(f"/assignments/{row.pk}/")
        for pill in page.locator(".pills a").all():
            lines = pill.evaluate(
                "(e) => { const r = document.createRange(); r.selectNodeContents(e);"
                " return r.getClientRects().length; }"
            )
            assert lines == 1, (width, pill.inner_text())
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize(("device", "language"), [("phone", "ja"), ("phone", "en")])
@pytest.mark.parametrize(
    "title",
    [
        "「高い」と言われたら、まず何を聞くか",
        "What to ask first when a customer says that it is too expensive",
    ],
)
def test_a_title_and_late_peoples_names_are_read_in_full_on_a_phone(
    page: Page, author: Person, rep: Person, sign_in: SignIn, title: str
) -> None:
    row = make_assignment(make_module(title=title), [person_target(rep)])
    Enrolment.objects.update(due_at=timezone.now() - dt.timedelta(days=4))
    sign_in(page.context, author.account)
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"/assignments/{row.pk}/")
    heading = page.locator(".top h1")
    expect(heading).to_have_text(title)
    assert heading.evaluate(
        "(e) => e.scrollHeight <= e.clientHeight && e.scrollWidth <= e.clientWidth"
    )
    main, bar = page.locator("main").bounding_box(), page.locator(".top").bounding_box()
    assert main
    assert bar
    assert bar["y"] + bar["height"] <= main["y"]
    name = page.locator("main .rowlink .t bdi").first
    assert name.evaluate("(e) => e.getClientRects().length") == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
