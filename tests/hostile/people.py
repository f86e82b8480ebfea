"""Who knocks: a browser for each person of a small world, and what must be true of every refusal."""

import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookies import SimpleCookie
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.test import Client as Browser

from core.models import Asset
from core.scope import CLIENT, scoped
from partners.models import Person
from tests.architecture.world import Side
from tests.partners.factories import sign_in

# What asking alone may change: how often somebody came, and that they are here.
PASSING = {"django_session", "core_ratewindow", "partners_account", "django_migrations"}
_OF_VIDEOS = (
    "captions",
    "edit_captions",
    "export_captions",
    "remove_captions",
    "save_captions",
    "video",
)
"""Doors to a video, which the client has one of here."""
_JAPANESE = re.compile("[ぁ-んァ-ヶ一-龠]")


class People:
    """The three sides of a small world. `browser()` stays signed in."""

    def __init__(self, ours: Side, mine: Side, rival: Side) -> None:
        self.ours, self.mine, self.rival = ours, mine, rival
        self._browsers: dict[Person | None, Browser] = {}
        for side in (ours, mine):
            for person in side.people.values():
                self._browsers[person] = sign_in(_browser(), person)
        self._browsers[None] = _browser()
        video = Asset.objects.create(kind="video", state="ready", name="研修", duration_ms=60_000)
        ours.ids.update({f"core:{door}": video.pk for door in _OF_VIDEOS})

    def browser(self, role: str = "", *, of_client: bool = True) -> Browser:
        """Return the browser of somebody with this role; of a stranger for none."""
        if not role:
            return self._browsers[None]
        return self._browsers[(self.ours if of_client else self.mine).people[role]]

    @contextmanager
    def remembered(self) -> Iterator[None]:
        """Give all browsers back the cookies that they had before."""
        kept = {person: copied(browser) for person, browser in self._browsers.items()}
        yield
        for person, cookies in kept.items():
            self._browsers[person].cookies = cookies

    def speak(self, browser: Browser, language: str) -> None:
        """Let a browser's reader choose a language."""
        browser.cookies[settings.LANGUAGE_COOKIE_NAME] = language

    def fit(self, access: Any) -> list[tuple[Browser, Side]]:
        """Return who may come in, one person a side: the strongest role of the client, the rep of a partner."""
        found = []
        for side in (self.ours, self.mine):
            for role in ("admin", "author", "sales_manager", "manager", "ace", "rep"):
                if access.admits(frozenset([role])):
                    found.append((self._browsers[side.people[role]], side))
                    break
        return found


def _browser() -> Browser:
    return Browser(raise_request_exception=False)


def state() -> dict[str, str]:
    """Return a hash of all rows of every table."""
    with scoped(CLIENT), connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            " AND has_table_privilege(format('%I.%I', schemaname, tablename), 'SELECT')"
        )
        tables = sorted({row[0] for row in cursor.fetchall()} - PASSING)
        each = (
            f"SELECT '{table}', md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), ''))"
            f' FROM "{table}" t'
            for table in tables
        )
        cursor.execute(" UNION ALL ".join(each))
        return dict(cursor.fetchall())


@contextmanager
def unchanged() -> Iterator[None]:
    """Find out that nothing of the block changed a row anywhere."""
    before = state()
    yield
    after = state()
    assert {name for name in before if before[name] != after[name]} == set()


def copied(browser: Browser) -> SimpleCookie:
    """Return a copy of a browser's cookies."""
    cookies = SimpleCookie()
    cookies.update(browser.cookies)
    return cookies


@contextmanager
def bounded(seconds: float = 5) -> Iterator[None]:
    """Find out that the block doesn't work without end: processor time, whatever else the machine does."""
    began = time.process_time()
    yield
    assert time.process_time() - began < seconds


def ask(browser: Browser, method: str, url: str, *, back: bool = False, **sent: Any) -> Any:
    """Send a request; one that fails doesn't spoil the transaction. `back` takes back what it did."""
    kept = copied(browser)
    with transaction.atomic():
        answer: Any = browser.generic(method, url, **sent)
        answer.whole = answer.getvalue()
        if back:
            transaction.set_rollback(True)
    if back:
        browser.cookies = kept
    return answer


def fault_of(answer: Any) -> str:
    """Return what broke a door, for the message of a failed test."""
    found = getattr(answer, "exc_info", None)
    return f"{answer.status_code} {found[1]!r}" if found else str(answer.status_code)


def wrong_with(answer: Any, language: str = "ja") -> str:
    """Return what a refusal for scripts lacks of the contract; nothing if it keeps it."""
    if not str(answer.get("Content-Type", "")).startswith("application/problem+json"):
        return f"{answer.status_code} {answer.get('Content-Type')}"
    told = json.loads(answer.content)
    lacking = [name for name in ("code", "message", "request_id") if not told.get(name)]
    if not isinstance(told.get("field"), str):
        lacking.append("field")
    if bool(_JAPANESE.search(told["message"])) != (language == "ja"):
        lacking.append(f"language: {told['message']}")
    if "Traceback" in answer.content.decode():
        lacking.append("a stack trace is shown")
    return ", ".join(lacking)
