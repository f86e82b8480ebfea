"""Somebody who has just typed `./run`: one tap, and they are one of the demo people."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from core.mediafiles.actions import add_picture
from core.scope import CLIENT, scoped
from partners.models import Person
from tests.browser.learner import MEDIA
from tests.browser.people import link_to, says, sign_out
from tests.courses.factories import make_module
from tests.partners.factories import make_client, make_partner, make_person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Axe = Callable[[Page], None]


@pytest.fixture
def people() -> tuple[Person, Person]:
    """A rep with a face and an administrator of a small demo world."""
    client = make_client(is_demo=True)
    with scoped(CLIENT):
        face = add_picture((MEDIA / "faces" / "kimura.webp").read_bytes(), name="高橋")
    rep = make_person(
        make_partner("みらい営業"),
        family_name="高橋",
        login_name="takahashi",
        picture_id=face.pk,
        is_demo=True,
    )
    admin = make_person(
        client,
        roles=["admin"],
        family_name="白石",
        login_name="shiraishi",
        picture_id=face.pk,
        is_demo=True,
    )
    make_module(title="価格の話")
    return rep, admin


@pytest.mark.parametrize(
    ("device", "language"), [("phone", "ja"), ("desktop", "en")], ids=["phone-ja", "desktop-en"]
)
def test_one_tap_and_one_is_that_person(
    page: Page, axe: Axe, people: tuple[Person, Person], device: str, language: str
) -> None:
    page.goto("/")
    page.wait_for_url("**/demo/")
    face = page.locator("form", has_text="高橋").locator("img")
    assert face.evaluate("(img) => img.decode().then(() => img.naturalWidth)") > 0
    page.locator("form button", has_text="高橋").click()
    page.wait_for_url("/")
    says(page, "価格の話")

    sign_out(page)
    link_to(page, "/demo/").click()
    page.locator("form button", has_text="白石").click()
    page.wait_for_url("/")
    expect(page.locator('nav a[href="/partners/"]')).to_be_visible()
    says(page, "白石")
    axe(page)


def test_without_a_demo_there_are_no_people_to_take(page: Page) -> None:
    make_client()
    person = make_person(make_partner(), is_demo=True)
    assert page.request.get("/demo/").status == 404
    assert page.request.post(f"/demo/{person.pk}/").status in {403, 404}
    page.goto("/")
    page.wait_for_url("**/accounts/login/**")
