"""Reps with phones: they sign in by the form, take quizzes over HTTP, and send again what wasn't acknowledged."""

import http.client
import json
import random
import re
import threading
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode, urlsplit

from bench.chaos.journal import OFFLINE, Journal

RIGHT = 0.7
"""How often a rep knows the answer."""

_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_ERROR = re.compile(r'class="[^"]*error[^"]*"[^>]*>([^<]+)')
_AGAIN_AFTER = 0.3
_TIMEOUT = 15
_KEPT = 1.0
"""After so many idle seconds a connection isn't used again: the server closes it after two."""


class GivenUpError(Exception):
    """The client was told to stop before the server acknowledged."""


@dataclass
class Phone:
    """One rep's phone: its cookies, its connection, and how far it is."""

    url: str
    person: str
    login: str
    journal: Journal
    taken: int = 0
    milliseconds: list[float] = field(default_factory=list)
    _cookies: dict[str, str] = field(default_factory=dict)
    _line: http.client.HTTPConnection | None = None
    _used_at: float = 0.0

    def sign_in(self, password: str) -> None:
        """Fill in the form, as a browser does. Raises RuntimeError if that doesn't lead in."""
        path = "/accounts/login/"
        _, page, _ = self._ask("GET", path)
        token = _TOKEN.search(page)
        assert token, page[:300]
        form = {"login": self.login, "password": password, "csrfmiddlewaretoken": token.group(1)}
        status, page, _ = self._ask(
            "POST", path, urlencode(form), {"Content-Type": "application/x-www-form-urlencoded"}
        )
        if status != http.client.FOUND:
            said = " ".join(_ERROR.findall(page)) or page[:500]
            raise RuntimeError(f"{self.login} could not sign in: {status} {said}")

    def copy(self) -> "Phone":
        """Return a second device with the same person signed in."""
        return Phone(self.url, self.person, self.login, self.journal, _cookies=dict(self._cookies))

    def described(self) -> dict[str, Any]:
        """Return what another process needs to know to be this phone."""
        return {
            "url": self.url,
            "person": self.person,
            "login": self.login,
            "cookies": self._cookies,
        }

    @classmethod
    def of(cls, told: dict[str, Any], journal: Journal) -> "Phone":
        """Return the phone that was described."""
        phone = cls(told["url"], told["person"], told["login"], journal)
        phone._cookies.update(told["cookies"])
        return phone

    def session(self) -> str:
        """Return what shows the server who signed in."""
        return next(value for name, value in self._cookies.items() if "session" in name)

    def take(self, quiz: dict[str, Any], luck: random.Random, stop: threading.Event) -> None:
        """Take a quiz for the first time, in three steps; each is sent until it is acknowledged."""
        attempt, given = str(uuid.uuid4()), answers(quiz, luck)
        for part, submit in ((given[:2], False), (given[2:3], False), (given[3:], True)):
            self.deliver(attempt, body_of(quiz, part, submit=submit), stop)
        self.taken += 1

    def deliver(self, attempt: str, body: dict[str, Any], stop: threading.Event) -> dict[str, Any]:
        """Send until the server says that it has it. Raises GivenUpError when told to stop."""
        while True:
            status, told = self.deliver_once(attempt, body)
            if status == http.client.OK:
                return told
            if stop.wait(_AGAIN_AFTER):
                raise GivenUpError

    def deliver_once(self, attempt: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """Send once and note what came of it."""
        headers = {"Content-Type": "application/json", "X-CSRFToken": self._csrf()}
        began = time.perf_counter()
        try:
            status, words, answer = self._ask(
                "POST", f"/api/attempts/{attempt}/", json.dumps(body), headers
            )
        except (OSError, http.client.HTTPException) as error:
            self.hang_up()
            self.journal.refused(OFFLINE, repr(error))
            return OFFLINE, {}
        self.milliseconds.append((time.perf_counter() - began) * 1000)
        if status != http.client.OK:
            self.journal.refused(status, words[:200], patient="Retry-After" in answer)
            return status, {}
        told: dict[str, Any] = json.loads(words)
        self.journal.acknowledged(self.person, attempt, body, told)
        return status, told

    def from_another_device(self, attempt: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """Send once over a connection of its own, which is closed afterwards."""
        device = self.copy()
        try:
            return device.deliver_once(attempt, body)
        finally:
            device.hang_up()

    def page(self, path: str) -> int:
        """Open a page and return its status; what isn't a success is noted."""
        try:
            status, words, answer = self._ask("GET", path)
        except (OSError, http.client.HTTPException) as error:
            self.hang_up()
            self.journal.refused(OFFLINE, repr(error))
            return OFFLINE
        if status != http.client.OK:
            self.journal.refused(status, words[:200], patient="Retry-After" in answer)
        return status

    def hang_up(self) -> None:
        """Close the connection; the next request opens another one."""
        if self._line is not None:
            self._line.close()
            self._line = None

    def _csrf(self) -> str:
        return next((value for name, value in self._cookies.items() if "csrf" in name), "")

    def _ask(
        self, method: str, path: str, body: str | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, str, Any]:
        host = urlsplit(self.url)
        if time.monotonic() - self._used_at > _KEPT:
            self.hang_up()
        self._used_at = time.monotonic()
        if self._line is None:
            self._line = http.client.HTTPConnection(
                host.hostname or "", host.port, timeout=_TIMEOUT
            )
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        self._line.request(method, path, body, {"Cookie": cookies, **(headers or {})})
        response = self._line.getresponse()
        words = response.read().decode(errors="replace")
        for header in response.headers.get_all("Set-Cookie", []):
            for name, morsel in SimpleCookie(header).items():
                self._cookies[name] = morsel.value
        return response.status, words, response.headers


def answers(quiz: dict[str, Any], luck: random.Random) -> list[dict[str, Any]]:
    """Return an answer to each question, most of them right."""
    return [
        {"item": key, "options": chosen(item, luck), "seq": seq}
        for seq, (key, item) in enumerate(quiz["items"].items(), 1)
    ]


def chosen(item: dict[str, list[str]], luck: random.Random) -> list[str]:
    """Return the options that a rep chooses."""
    if luck.random() < RIGHT:
        return item["right"]
    return [luck.choice(item["options"])]


def body_of(
    quiz: dict[str, Any], part: Sequence[dict[str, Any]], *, submit: bool
) -> dict[str, Any]:
    """Return what a phone posts."""
    return {"module": quiz["module"], "answers": list(part), "submit": submit}


class Load:
    """Phones at work on threads of their own, until they are told to stop; each ends the quiz that it is at."""

    def __init__(
        self, phones: Sequence[Phone], modules: Sequence[dict[str, Any]], *, pause: float = 0.02
    ) -> None:
        self._phones, self._modules, self._pause = phones, modules, pause
        self._no_more, self._give_up = threading.Event(), threading.Event()
        self._threads: list[threading.Thread] = []
        self.exhausted = False

    def start(self, clients: int = 8) -> "Load":
        """Let so many of them work at once."""
        for number in range(clients):
            own = self._phones[number::clients]
            if own:
                thread = threading.Thread(target=self._work, args=[own, number], daemon=True)
                thread.start()
                self._threads.append(thread)
        return self

    def stop(self, wait: Callable[[Callable[[], bool], float], bool], patience: float) -> None:
        """Have everybody end what they are at; whoever isn't done in time gives up."""
        self._no_more.set()
        if not wait(lambda: not any(t.is_alive() for t in self._threads), patience):
            self._give_up.set()
            wait(lambda: not any(t.is_alive() for t in self._threads), 2 * _TIMEOUT)

    def _work(self, own: Sequence[Phone], number: int) -> None:
        luck = random.Random(number)
        while not self._no_more.is_set():
            phone = min(own, key=lambda each: each.taken)
            if phone.taken >= len(self._modules):
                self.exhausted = True
                return
            try:
                phone.take(self._modules[phone.taken], luck, self._give_up)
            except GivenUpError:
                return
            self._give_up.wait(self._pause)
