"""The network drops in the middle of a quiz, anywhere: between any two bytes, either way, or into a black hole."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Error, Page, Playwright, expect

from courses.catalog.models import Module
from courses.quizzes.models import Answer, Attempt
from gamification.models import LedgerEntry
from tests.browser.learner import (
    RIGHT,
    answer,
    assert_handed_in_once,
    choose,
    expect_result,
    expect_sync,
    go,
    make_lesson,
    make_rep,
    question,
    quiz_address,
    settle,
    until_kept,
)
from tests.courses.factories import make_module, single
from tests.plugin.browser import chromium_options
from tests.plugin.faultproxy import FaultProxy
from tests.plugin.manyattempts import TAKE, acknowledged
from tests.plugin.patience import PATIENCE, wait_until
from tests.plugin.processes import Site

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[BrowserContext, Any], None]
NOT_SAVED_WITHIN = 3000
"""So many milliseconds after a tap the page says at the latest that an answer is on the phone alone."""


@pytest.fixture
def network(site: Site) -> Iterator[FaultProxy]:
    """A network between browser and site."""
    with FaultProxy(int(site.url.rpartition(":")[2]), seed=20261126, most=2500) as proxy:
        yield proxy


@pytest.fixture
def context(network: FaultProxy, new_context: Callable[..., BrowserContext]) -> BrowserContext:
    """A phone that reaches the site through that network alone."""
    return new_context(base_url=network.url)


def test_whatever_drops_every_answer_is_stored_once_and_paid_once(
    page: Page, network: FaultProxy, sign_in: SignIn
) -> None:
    rep = make_rep()
    items = [f"q{number:03}" for number in range(1, 4)]
    modules = [make_module(items=[single(item) for item in items]) for _ in range(10)]
    sign_in(page.context, rep.account)
    page.goto(quiz_address(make_module(items=[single("q001")])))
    expect_sync(page, "saved")
    network.turn_bad()
    heard = page.evaluate(
        TAKE,
        {
            "modules": [str(m.pk) for m in modules],
            "person": str(rep.pk),
            "items": items,
            "online": 100,
        },
    )
    network.bad = False
    assert network.injected.total() >= 8, network.injected
    assert_nothing_is_lost_or_doubled(modules, heard, items)


def assert_nothing_is_lost_or_doubled(
    modules: list[Module], heard: list[dict[str, Any]], items: list[str]
) -> None:
    told = acknowledged(heard)
    assert all(row["state"] != "open" and not row["problem"] for row in heard), heard
    assert {frozenset(found) for found in told.values()} == {frozenset(items)}
    attempts = Attempt.objects.filter(quiz_version__quiz__module__in=modules)
    wait_until(
        lambda: attempts.filter(state="scored").count() == len(modules), "all attempts are scored"
    )
    assert {str(pk) for pk in attempts.values_list("pk", flat=True)} == set(told)
    stored = Answer.objects.filter(attempt__in=attempts)
    assert sorted(stored.values_list("attempt_id", "item_key")) == sorted(
        (attempt.pk, item) for attempt in attempts for item in items
    )
    paid = LedgerEntry.objects.filter(attempt_id__in=attempts.values("pk"))
    wait_until(lambda: paid.count() >= len(modules), "points are booked")
    assert len(set(paid.values_list("source_key", flat=True))) == paid.count()


@pytest.mark.parametrize("fault", ["black hole", "cut off"])
def test_that_an_answer_is_not_saved_is_said_within_three_seconds(
    page: Page, network: FaultProxy, sign_in: SignIn, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rep = make_rep()
    sign_in(page.context, rep.account)
    page.goto(quiz_address(make_lesson()))
    expect_sync(page, "saved")
    if fault == "black hole":
        network.swallow()
    else:
        network.cut_off = True
        network.hang_up()
    choose(page, RIGHT[0])
    chip = page.locator("[data-sync]")
    expect(chip).to_have_attribute("data-state", "phone", timeout=NOT_SAVED_WITHIN)
    assert not Answer.objects.exists()
    network.cut_off = False
    network.hang_up()
    go(page).click()
    answer(page, RIGHT[1:])
    go(page).click()
    expect_result(page)
    assert_handed_in_once(rep)


def test_a_phone_that_dies_keeps_what_was_tapped(
    playwright: Playwright, site: Site, sign_in: SignIn, tmp_path: Path
) -> None:
    rep, module = make_rep(), make_lesson()
    with _whole_browser(playwright, site, tmp_path) as context:
        sign_in(context, rep.account)
        page = context.new_page()
        settle(page)
        page.goto(quiz_address(module))
        expect_sync(page, "saved")
        context.set_offline(True)
        answer(page, RIGHT[:3])
        until_kept(page, RIGHT[:3])
        _kill(tmp_path)
    assert not Answer.objects.exists()
    with _whole_browser(playwright, site, tmp_path) as context:
        sign_in(context, rep.account)
        page = context.new_page()
        page.goto(quiz_address(module))
        expect(question(page)).to_have_attribute("data-item", "q004")
        choose(page, RIGHT[3])
        go(page).click()
        expect_result(page)
    assert_handed_in_once(rep)


@contextmanager
def _whole_browser(playwright: Playwright, site: Site, profile: Path) -> Iterator[BrowserContext]:
    """Open Chromium with a profile on the disk; it may be dead in the end."""
    context = playwright.chromium.launch_persistent_context(
        profile, base_url=site.url, locale="ja-JP", **chromium_options()
    )
    context.set_default_timeout(PATIENCE * 1000)
    yield context
    with suppress(Error):
        context.close()


def _kill(profile: Path) -> None:
    """End the browser that uses this profile as an empty battery does: at once, without a word."""
    own = f"--user-data-dir={profile}"
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            if own in entry.read_text().split("\0"):
                os.kill(int(entry.parent.name), signal.SIGKILL)
