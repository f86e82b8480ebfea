"""On one phone, one after the other: nobody finds the pages of who was here before, however slow the network is."""

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, transaction
from playwright.sync_api import BrowserContext, Page

from tests.browser.learner import make_lesson, make_rep, settle, until
from tests.browser.people import sign_out
from tests.partners.factories import make_person
from tests.plugin.patience import PATIENCE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[BrowserContext, Any], None]

PASSWORD = "kumo-no-ue-no-sora-9"
WHO = "document.querySelector('meta[name=person]').content"


@contextmanager
def slow_modules() -> Iterator[None]:
    """Hold up every page that reads modules, as a bad network does, until this is left."""
    begun, over = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("LOCK TABLE catalog_module IN ACCESS EXCLUSIVE MODE")
            begun.set()
            over.wait(PATIENCE)
        connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    begun.wait(PATIENCE)
    try:
        yield
    finally:
        over.set()
        thread.join()


def kept_pages(page: Page) -> list[str]:
    """Return whose pages the phone keeps, once what is on its way has arrived."""
    names: list[str] = []
    for _ in range(10):
        page.evaluate("fetch('/healthz').then((said) => said.text())")
        names = page.evaluate("caches.keys()")
    return [name for name in names if name.startswith("pages:")]


def test_a_page_that_comes_after_its_person_has_signed_out_is_not_kept(
    page: Page, sign_in: SignIn
) -> None:
    rep = make_rep()
    make_lesson()
    sign_in(page.context, rep.account)
    settle(page)
    page.goto("/learn/")
    until(page, "(await caches.keys()).some((name) => name.startsWith('pages:'))")
    with slow_modules():
        page.goto("/learn/")  # the kept page stands in; the answer is still on its way
        assert page.evaluate(WHO) == str(rep.pk)
        sign_out(page)
        page.wait_for_url("**/accounts/login/**")
        assert kept_pages(page) == []
    assert kept_pages(page) == []
    page.context.set_offline(True)
    page.goto("/learn/")
    assert rep.family_name not in page.content()


def test_who_signs_in_on_a_slow_network_waits_for_the_own_page(page: Page, sign_in: SignIn) -> None:
    rep = make_rep()
    make_lesson()
    other = make_person(rep.organisation, family_name="佐藤", given_name="健")
    other.account.set_password(PASSWORD)
    other.account.save()
    sign_in(page.context, rep.account)
    settle(page)
    page.goto("/learn/")
    page.context.clear_cookies()  # the session has run out: nobody signed out
    page.goto("/accounts/login/?next=/learn/")
    page.locator('[name="login"]').fill(other.email)
    page.locator('[name="password"]').fill(PASSWORD)
    with slow_modules():
        page.locator('[name="password"]').press("Enter", no_wait_after=True)
        waited = (
            "new Promise((resolve) => setTimeout(resolve, 5000))"  # longer than a kept page waits
        )
        page.context.new_page().evaluate(waited)
        assert "/accounts/login/" in page.url
    page.wait_for_url(re.compile(r"//[^/?]+/learn/$"))
    assert page.evaluate(WHO) == str(other.pk)
    assert kept_pages(page) == [f"pages:{other.pk}"]
