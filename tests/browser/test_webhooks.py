"""An administrator adds an endpoint, sends a test, and sees it arrive without loading the page again."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from core.scope import CLIENT, scoped
from partners.webhooks.models import Endpoint
from tests.browser.people import make_admin
from tests.partners.webhooks.factories import FINISHED
from tests.partners.webhooks.receiver import listening
from tests.plugin.browser import complaints_of
from tests.plugin.processes import Site

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_an_endpoint_is_added_and_a_test_arrives(
    site: Site, page: Page, context: BrowserContext, sign_in: Callable[[BrowserContext, Any], None]
) -> None:
    sign_in(context, make_admin(language="en").account)
    complaints = complaints_of(page)
    with listening() as receiver:
        receiver.answer(500, 200, body=b"taken")
        page.goto("/webhooks/")
        page.get_by_role("link", name="Add an endpoint").click()
        page.get_by_label("Name").fill("CRM")
        page.get_by_label("Address").fill(receiver.url)
        page.locator(f"[name=kinds][value='{FINISHED}']").check()
        page.get_by_role("button", name="Add this endpoint").click()
        with scoped(CLIENT):
            endpoint = Endpoint.objects.get()
        expect(page.get_by_label("Secret of this endpoint")).to_have_value(endpoint.secret)
        page.get_by_role("button", name="Send a test").click()
        expect(page.locator("#tries .chip").first).to_have_text("Failed")
        page.get_by_role("button", name="Send it again").click()
        expect(page.locator("#tries .chip").first).to_have_text("Delivered")
        expect(page.locator("#tries pre").first).to_have_text("taken")
        assert len(set(receiver.ids)) == 1
        assert receiver.got[1].verified(endpoint)["type"] == "webhook.test"
    assert not complaints
