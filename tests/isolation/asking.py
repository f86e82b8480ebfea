"""A request somebody makes, and all that can be seen of its answer; nothing of it stays."""

import contextlib
import copy
import dataclasses
import logging
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import nullcontext
from typing import Any, Self
from urllib.parse import unquote_plus

import redis
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.test import Client as Browser

from core import outbox
from core.models import Delivery
from core.scope import CLIENT, scoped
from partners.models import Person
from tests.isolation.rows import Keys, Rows
from tests.partners.factories import sign_in


@dataclasses.dataclass(frozen=True)
class Ask:
    """A request: by whom, to which door, and how. `kind` says what is tried, `sent` all words that go along."""

    who: Person | None
    role: str
    door: str
    kind: str
    url: str
    method: str = "get"
    data: Any = None
    as_json: bool = False
    headers: Mapping[str, str] = dataclasses.field(default_factory=dict)
    shared: frozenset[str] = frozenset()

    def __str__(self) -> str:
        return f"{self.role} {self.method.upper()} {self.door} [{self.kind}] {self.url[:160]}"

    @property
    def is_page(self) -> bool:
        """Whether it is a page of one's own at an address that everybody has."""
        return self.kind == "own" and self.method == "get"

    @property
    def is_own_sent(self) -> bool:
        """Whether it writes about one's own."""
        return self.kind == "own" and self.method != "get" and self.who is not None

    @property
    def sent(self) -> str:
        """All that the caller knows because they said it."""
        return f"{unquote_plus(self.url)} {self.data!r}"


@dataclasses.dataclass
class Answer:
    """What came back, and what was left behind: log lines, cache entries, rows."""

    status: int
    body: str
    headers: dict[str, str]
    logged: str = ""
    cached: dict[str, str] = dataclasses.field(default_factory=dict)
    touched: tuple[str, ...] = ()
    written: list[tuple[str, str]] = dataclasses.field(default_factory=list)
    failed: tuple[str, ...] = ()

    @property
    def seen(self) -> str:
        """All that could be read by somebody."""
        return f"{self.headers} {self.body} {self.logged}"


class _Lines(logging.Handler):
    """Keeps log lines as they would be written."""

    def __init__(self) -> None:
        super().__init__()
        console = next(
            h for h in logging.getLogger().handlers if isinstance(h, logging.StreamHandler)
        )
        self.setFormatter(console.formatter)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a line."""
        self.lines.append(self.format(record))


class _Statements:
    """Notes whether anything but reading was done: what only reads needs no look at all tables."""

    _READS = re.compile(
        r"\s*(SELECT|SAVEPOINT|RELEASE|ROLLBACK|DECLARE|FETCH|CLOSE)\b", re.IGNORECASE
    )
    _SCOPES = "WITH before AS MATERIALIZED"

    def __init__(self) -> None:
        self._wrote = False
        self._wrapped = connection.execute_wrapper(self._note)

    def _note(self, execute: Any, statement: Any, *rest: Any) -> Any:
        text = str(statement)
        self._wrote |= not self._READS.match(text) and not text.startswith(self._SCOPES)
        return execute(statement, *rest)

    def wrote(self) -> bool:
        """Say whether something was written since it was asked last."""
        found, self._wrote = self._wrote, False
        return found

    def __enter__(self) -> Self:
        self._wrapped.__enter__()
        return self

    def __exit__(self, *problem: object) -> None:
        self._wrapped.__exit__(*problem)


class Visitor:
    """Makes requests as many people; each in a transaction that is taken back."""

    def __init__(self, rows: Rows, theirs: Keys | None = None, ids: Any = ()) -> None:
        self.rows, self.theirs, self.ids = rows, theirs, list(ids)
        self.browsers: dict[Any, Browser] = {}
        self.cache = redis.Redis.from_url(settings.REDIS_URL)
        self._before: dict[str, str] = {}
        self._last: int | None = None

    def browser(self, person: Person | None) -> Browser:
        """Return this person's browser, signed in."""
        key = person.pk if person else None
        if key not in self.browsers:
            opened = Browser(raise_request_exception=False)
            self.browsers[key] = sign_in(opened, person) if person else opened
        return self.browsers[key]

    def watch(self) -> None:
        """Remember how the rows are that nobody may change."""
        self._before = self._prints()
        self.rows.touched()

    def ask(self, ask: Ask, *, first: Callable[[], Any] | None = None) -> Answer:
        """Make a request and let the tasks that it rang for run; `first` runs before, with the same caches."""
        browser = self.browser(ask.who)
        cookies = copy.copy(browser.cookies)
        self.cache.flushdb()
        with taken_back(), _listening() as lines, _Statements() as statements:
            before = self._before
            if first is not None:
                first()
                lines.clear()
                if statements.wrote():
                    before = before | self._prints(self.rows.touched())
            with taken_back() if first is not None else nullcontext():
                reads = ask.method == "get"
                mark, since = 0 if reads else self._last_news(), self.rows.mark()
                statements.wrote()
                found = _read(self._send(browser, ask))
                wrote = statements.wrote()
                if wrote and not reads:
                    found.failed = tuple(run_news(mark))
                if wrote:
                    touched = self.rows.touched()
                    found.written = self.rows.written(since, touched)
                    found.touched = self._changed(before, touched)
            found.logged = "\n".join(lines)
        found.cached = self._kept()
        browser.cookies = cookies
        return found

    def _send(self, browser: Browser, ask: Ask) -> Any:
        headers = dict(ask.headers)
        if ask.method == "get":
            return browser.get(ask.url, headers=headers)
        if ask.method == "delete":
            return browser.delete(ask.url, headers=headers)
        for value in (ask.data or {}).values():
            if isinstance(value, UploadedFile):
                value.seek(0)  # it may have been sent before
        kind = {"content_type": "application/json"} if ask.as_json else {}
        return getattr(browser, ask.method)(ask.url, ask.data or {}, headers=headers, **kind)

    def _prints(self, of: set[str] | None = None) -> dict[str, str]:
        return {} if self.theirs is None else self.rows.prints(self.theirs, self.ids, of)

    def _changed(self, before: dict[str, str], of: set[str]) -> tuple[str, ...]:
        return tuple(name for name, now in self._prints(of).items() if before[name] != now)

    def _last_news(self) -> int:
        """Return the number of the last news of all: it stays, since what a request tells is taken back."""
        if self._last is None:
            self._last = _last_news()
        return self._last

    def _kept(self) -> dict[str, str]:
        found = {}
        for key in self.cache.keys("*"):
            kind = self.cache.type(key)
            value = self.cache.get(key) if kind == b"string" else b""
            found[key.decode("utf-8", "replace")] = (value or b"").decode("utf-8", "replace")
        return found


@contextlib.contextmanager
def taken_back() -> Iterator[None]:
    """Run the block in a savepoint, and take everything back."""
    point = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(point)


@contextlib.contextmanager
def _listening() -> Iterator[list[str]]:
    handler, root = _Lines(), logging.getLogger()
    root.addHandler(handler)
    try:
        yield handler.lines
    finally:
        root.removeHandler(handler)


def _read(response: Any) -> Answer:
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return Answer(response.status_code, body.decode("utf-8", "replace"), dict(response.headers))


def run_news(after: int = 0) -> list[str]:
    """Deliver what waits in the outbox, and what that causes; returns what went wrong."""
    failed: list[str] = []
    while True:
        with scoped(CLIENT):
            waiting = Delivery.objects.filter(pk__gt=after, state="pending", tries=0)
            found = list(waiting.order_by("pk").values_list("pk", "handler")[:200])
        if not found:
            return failed
        for pk, handler in found:
            if not outbox.process(pk) and Delivery.objects.filter(pk=pk).exclude(error="").exists():
                failed.append(handler)


def _last_news() -> int:
    with scoped(CLIENT):
        return Delivery.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
