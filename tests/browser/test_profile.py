"""What one shows of oneself: picture, name, language, look, password."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from partners.models import Person
from tests.browser.people import PASSWORD, error_of, fill, says, send
from tests.core.media_samples import bomb, located_picture
from tests.partners.factories import make_client, make_partner, make_person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[BrowserContext, Any], None]
Axe = Callable[[Page], None]

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.fixture
def me(page: Page, sign_in: SignIn) -> Person:
    """A rep who looks at their own profile."""
    make_client()
    me = make_person(make_partner("みらい営業"), family_name="高橋", password=PASSWORD)
    sign_in(page.context, me.account)
    page.goto("/profile/")
    return me


def _choose(page: Page, content: bytes) -> None:
    page.locator('[name="picture"]').set_input_files(
        {"name": "me.png", "mimeType": "image/png", "buffer": content}
    )
    page.locator("[data-picture] .btn-2").click()


def test_a_picture_is_taken_shown_and_taken_away(page: Page, me: Person, axe: Axe) -> None:
    _choose(page, located_picture())
    expect(page.locator(".messages .banner")).to_be_visible()
    face = page.locator("[data-picture-face] img")
    size = face.evaluate("(img) => img.decode().then(() => [img.naturalWidth, img.naturalHeight])")
    assert size[0] == size[1]
    axe(page)
    page.locator('button[name="remove"]').click()
    expect(face).to_have_count(0)
    me.refresh_from_db()
    assert me.picture_id is None


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (SVG, "JPEG・PNG・WebP"),
        (b"", "中身が空"),
        (bomb(), "画素"),
        (located_picture()[:400], "開けません"),
    ],
    ids=["svg", "empty", "bomb", "cut off"],
)
def test_what_is_no_picture_is_explained(
    page: Page, me: Person, axe: Axe, content: bytes, words: str
) -> None:
    _choose(page, content)
    expect(error_of(page, "picture")).to_contain_text(words)
    expect(page.locator(".summary")).not_to_contain_text("入力した内容は残っています")
    axe(page)
    me.refresh_from_db()
    assert me.picture_id is None
    good = {"name": "me.png", "mimeType": "image/png", "buffer": located_picture()}
    page.locator('[name="picture"]').set_input_files(good)
    expect(page.locator(".summary")).to_have_count(0)
    expect(page.locator("#id_picture_error")).to_have_count(0)
    expect(page.locator('[name="picture"][aria-invalid]')).to_have_count(0)
    expect(page.locator("[data-picture-face] img")).to_be_visible()


def test_name_and_reading_are_kept_and_mended(page: Page, me: Person, axe: Axe) -> None:
    form = page.locator('form:has([name="family_name"])')
    fill(page, family_name="", given_name="美咲", family_reading="takahashi")
    form.locator(".btn").click()
    expect(page.locator(".summary")).to_be_focused()
    expect(error_of(page, "family_name")).to_be_visible()
    expect(page.locator('[name="given_name"]')).to_have_value("美咲")
    axe(page)
    fill(page, family_name="髙橋", family_reading="タカハシ")
    form.locator(".btn").click()
    expect(page.locator(".messages .banner")).to_be_visible()
    me.refresh_from_db()
    assert (me.family_name, me.given_name, me.family_reading) == ("髙橋", "美咲", "たかはし")


@pytest.mark.parametrize("device", ["phone", "desktop"])
def test_language_and_look_stay_as_chosen(page: Page, me: Person, device: str) -> None:
    opener = page.locator('[data-opens="mine"]')
    if device == "phone":
        opener.click()
    page.locator(".nav-foot .lang button").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("heading", level=1)).to_have_text("Profile")
    me.refresh_from_db()
    assert me.language == "en"

    page.locator('[data-theme-choice] label:has([value="dark"])').click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.goto("/ranking/")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    ground = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(ground) == "rgb(21, 24, 26)"


def test_the_password_is_changed_with_the_old_one(page: Page, me: Person, axe: Axe) -> None:
    page.goto("/accounts/password/change/")
    fill(page, oldpassword="wrong horse", password1="another horse battery")
    send(page)
    expect(error_of(page, "oldpassword")).to_be_visible()
    axe(page)
    fill(page, oldpassword=PASSWORD, password1="another horse battery")
    send(page)
    page.wait_for_url("**/profile/")
    says(page, "高橋")
    assert me.account is not None
    me.account.refresh_from_db()
    assert me.account.check_password("another horse battery")
