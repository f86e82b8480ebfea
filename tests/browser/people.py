"""What administrators and newcomers do in a browser."""

import re
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, expect

from partners.models import Organisation, Person
from tests.partners.factories import make_client, make_person
from tests.plugin.patience import wait_until

PASSWORD = "correct horse battery staple"
_LINK = re.compile(r"https?://\S+")


def make_admin(**fields: Any) -> Person:
    """Make the client with an administrator of its own."""
    return make_person(
        make_client(), roles=["admin"], family_name="白石", given_name="千尋", **fields
    )


def organisation_address(organisation: Organisation) -> str:
    """Return where an organisation is."""
    return f"/partners/{organisation.pk}/"


def person_address(person: Person) -> str:
    """Return where an administrator sees a person."""
    return f"/people/{person.pk}/"


def link_to(page: Page, address: str) -> Locator:
    """Return the link of the page's content whose address ends so."""
    return page.locator(f'main a[href$="{address}"]').first


def fill(page: Page, **values: str) -> None:
    """Type into the fields of these names."""
    for name, value in values.items():
        page.locator(f'[name="{name}"]:not([type="hidden"])').fill(value)


def send(page: Page) -> None:
    """Press the one filled button of the page's content."""
    page.locator("main .btn:not(.btn-2):not(.btn-3)").first.click()


def says(page: Page, words: str) -> None:
    """Wait until the page's content holds these words."""
    expect(page.locator("main")).to_contain_text(words)


def error_of(page: Page, name: str) -> Locator:
    """Return what the page says of a field: the element that the field names as its description."""
    field = page.locator(f'[name="{name}"]:not([type="hidden"])').first
    expect(field).to_have_attribute("aria-invalid", "true")
    described = (field.get_attribute("aria-describedby") or "").split()
    return page.locator(", ".join(f"#{each}" for each in described)).last


def newest_link(page: Page, recipient: str, *, of: int = 1) -> str:
    """Return the path of the link in the newest of so many messages to this address, once they are there."""
    rows = page.locator("main a.rowlink")
    page.goto(f"/mailbox/?to={recipient}")

    def is_there() -> bool:
        page.reload()
        return rows.count() >= of

    wait_until(is_there, f"{of} messages to {recipient}")
    rows.first.click()
    found = _LINK.search(page.locator("main article").inner_text())
    assert found
    return urlsplit(found[0]).path


def sign_in_by_password(page: Page, login: str, password: str = PASSWORD) -> None:
    """Fill the sign-in form and send it."""
    fill(page, login=login, password=password)
    send(page)


def sign_out(page: Page) -> None:
    """Sign out by the button that every page has; on a phone it is behind one's own face."""
    face = page.locator('[data-opens="mine"]')
    if face.is_visible():
        face.click()
    page.locator('form[action="/accounts/logout/"] button').first.click()
