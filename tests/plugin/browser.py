"""Chromium, driven by Playwright, against the real site.

A test may parametrize `device` ("phone", "desktop"), `language` ("ja", "en") and `engine` ("shell", or "whole"
for what Chromium's headless shell lacks, such as sending in the background).
"""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from django.conf import settings
from django.test import Client
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    expect,
    sync_playwright,
)

from tests.plugin.patience import PATIENCE
from tests.plugin.processes import AXE, Site
from tools.launch.pytest_services import bed

_FLAGS = (
    "--no-sandbox",  # our own pages only; a container has no user namespaces to build one from
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_DEVICES: dict[str, dict[str, Any]] = {
    "phone": {
        "viewport": {"width": 360, "height": 740},
        "device_scale_factor": 2,
        "has_touch": True,
        "is_mobile": True,
    },
    "desktop": {"viewport": {"width": 1280, "height": 800}},
}
_AT_REST = """() => Promise.allSettled(document.getAnimations()
  .filter((each) => each.effect.getComputedTiming().endTime !== Infinity)
  .map((each) => each.finished)).then(() => "axe" in window)"""
"""Waits until nothing moves any more; whether axe is in the page from an earlier look."""
# What passed is long, and nobody reads it: bringing it over took a quarter of the time.
_VIOLATIONS = """axe.run({resultTypes: ["violations"]})
  .then(({violations}) => ({violations}))"""
_BRING_AXE = """(address) => new Promise((resolve) => {
  const script = document.createElement("script");
  script.onload = () => { script.remove(); resolve(true); };
  script.onerror = () => { script.remove(); resolve(false); };
  script.src = address;
  document.head.append(script);
})"""
"""Has the page read axe from the site; resolves to whether it could."""
_LOCALES = {"ja": "ja-JP", "en": "en-GB"}


def chromium_options(program: str = "TOMONI_HEADLESS_SHELL") -> dict[str, Any]:
    """Return what Playwright needs to know to start the Chromium that this variable of the environment names."""
    environment = dict(os.environ)
    if os.environ["TOMONI_CHROMIUM_LIBRARIES"]:
        environment["LD_LIBRARY_PATH"] = os.environ["TOMONI_CHROMIUM_LIBRARIES"]
    return {
        "executable_path": os.environ[program],
        "args": list(_FLAGS),
        "env": {**environment},
    }


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Start Playwright once for the run."""
    expect.set_options(timeout=PATIENCE * 1000)
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def headless_shell(playwright: Playwright) -> Iterator[Browser]:
    """Start Chromium's headless shell once for the run."""
    with playwright.chromium.launch(**chromium_options()) as shell:
        yield shell


@pytest.fixture
def engine() -> str:
    """Which Chromium walks: its headless shell, unless a test says otherwise."""
    return "shell"


@pytest.fixture
def browser(engine: str, playwright: Playwright, headless_shell: Browser) -> Iterator[Browser]:
    """The browser that walks: one for the run, or a whole one of the test's own."""
    if engine == "shell":
        yield headless_shell
        return
    with playwright.chromium.launch(**chromium_options("TOMONI_WHOLE_CHROMIUM")) as whole:
        yield whole


@pytest.fixture
def device() -> str:
    """The device that a test is for: a phone, unless it says otherwise."""
    return "phone"


@pytest.fixture
def language() -> str:
    """The browser's language: Japanese, unless a test says otherwise."""
    return "ja"


@pytest.fixture
def new_context(
    browser: Browser, site: Site, device: str, language: str
) -> Iterator[Callable[..., BrowserContext]]:
    """Return a function that opens a browser profile of its own, as another person would have."""
    opened: list[BrowserContext] = []

    def open_context(**options: Any) -> BrowserContext:
        """Open a profile; `options` go to Playwright and win over the test's device."""
        wanted = {
            "base_url": site.url,
            "locale": _LOCALES[language],
            "timezone_id": "Asia/Tokyo",
            **_DEVICES[device],
            **options,
        }
        context = browser.new_context(**wanted)
        context.set_default_timeout(PATIENCE * 1000)
        opened.append(context)
        return context

    yield open_context
    for context in opened:
        context.close()


@pytest.fixture
def context(new_context: Callable[..., BrowserContext]) -> BrowserContext:
    """The browser profile of the test's person."""
    return new_context()


@pytest.fixture
def page(context: BrowserContext, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page in that profile. The test fails on an error in a script or a broken CSP.

    The picture of a failed test lies in the test state's folder `screens`.
    """
    page = context.new_page()
    complaints = complaints_of(page)
    failed_before = request.session.testsfailed
    yield page
    if request.session.testsfailed > failed_before and not page.is_closed():
        folder = bed.places.state / "screens"
        folder.mkdir(exist_ok=True)
        page.screenshot(path=folder / f"{request.node.name[:80]}.png", full_page=True)
    assert not complaints, "\n".join(complaints)


@pytest.fixture
def sign_in(site: Site) -> Callable[[BrowserContext, Any], None]:
    """Return a function that signs an account in, as if its form had been sent."""

    def enter(context: BrowserContext, account: Any) -> None:
        """Give the profile a session of this account."""
        client = Client()
        client.force_login(account)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": site.url}])

    return enter


@pytest.fixture
def axe() -> Callable[[Page], None]:
    """Return a function that fails on what axe finds against WCAG on a page."""

    def check(page: Page) -> None:
        """Examine the page as it is now, once what moves has come to rest."""
        page.wait_for_load_state()
        is_there = page.evaluate(_AT_REST)
        if not is_there and page.url.startswith("http"):
            is_there = page.evaluate(_BRING_AXE, f"/static/{AXE}")
        if not is_there:  # no site behind it, or no network
            page.evaluate(AXE_SCRIPT)
        found = AxeResults(page.evaluate(_VIOLATIONS))
        assert found.violations_count == 0, found.generate_report()

    return check


def complaints_of(page: Page) -> list[str]:
    """Return a list that fills with the page's script errors and breaches of the CSP."""
    complaints: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text or "Content-Security-Policy" in message.text:
            complaints.append(message.text)

    page.on("pageerror", lambda error: complaints.append(f"{error.name}: {error.message}"))
    page.on("console", hear)
    return complaints
