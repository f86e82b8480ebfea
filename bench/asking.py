"""Somebody of the office, or a manager, who asks for reports and waits for them."""

import http.client
import time
from contextlib import closing
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

HERE = "/reports/learning-to-sales/"
_TOKEN = "b" * 32
_USUAL = {"learning": "finished", "sales": "appointments", "months": "12"}
_PAUSE = 0.05
"""The page itself asks again every second; this one is more impatient."""


@dataclass(frozen=True)
class Office:
    """A browser of somebody who is signed in."""

    url: str
    session: str

    def ask(self, path: str, **form: str) -> tuple[int, str, str]:
        """Return status, place and body of an answer."""
        headers = {
            "Cookie": f"session={self.session}; csrf={_TOKEN}",
            "X-CSRFToken": _TOKEN,
            "Content-Type": "application/x-www-form-urlencoded",
        }
        with closing(http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=120)) as line:
            line.request("POST" if form else "GET", path, urlencode(form) or None, headers)
            answer = line.getresponse()
            return answer.status, answer.getheader("Location", ""), answer.read().decode()

    def report(self, *, lag: int) -> tuple[float, str]:
        """Ask for a report, wait, and return seconds until the answer is there, and its address."""
        return self._until('id="grade"', HERE, **_USUAL, lag=str(lag))

    def grid(self, *, lag: int) -> tuple[float, str]:
        """Ask for a grid, wait, and return seconds until the answer is there, and its address."""
        return self._until('id="answer"', f"{HERE}grid/", months="12", lag=str(lag))

    def _until(self, sign: str, path: str, **form: str) -> tuple[float, str]:
        began = time.monotonic()
        status, place, body = self.ask(path, **form)
        if status != http.HTTPStatus.FOUND:
            raise RuntimeError(f"{path}: {status} {body[:2000]}")
        while True:
            status, elsewhere, body = self.ask(place)
            if sign in body:
                return time.monotonic() - began, place
            place = elsewhere or place
            time.sleep(_PAUSE)  # as the page does: it asks again and again
