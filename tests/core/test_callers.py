"""Whose a request is, told by its head: what was seen before, and nothing for what was not."""

import pytest

from core import callers


@pytest.fixture(autouse=True)
def known(monkeypatch: pytest.MonkeyPatch) -> dict[int, str]:
    """Start with nobody known."""
    found: dict[int, str] = {}
    monkeypatch.setattr(callers, "_organisations", found)
    return found


def _head(*lines: str) -> bytes:
    return "\r\n".join(["GET / HTTP/1.1", "Host: a", *lines, "", ""]).encode()


@pytest.mark.parametrize(
    "line",
    [
        "Cookie: session=abc",
        "cookie:session=abc",
        "Cookie: language=en; session=abc; csrf=x",
        "Cookie: csrf=x\r\nCookie: session=abc",
        "Authorization: Bearer t",
        "authorization:   Bearer t  ",
    ],
)
def test_who_was_seen_before_is_known_by_what_they_show(line: str):
    callers.note(callers.by_cookie("session", "abc"), "one")
    callers.note(b"Bearer t", "one")
    assert callers.whose(_head(line)) == "one"


@pytest.mark.parametrize(
    "line",
    [
        "Accept: */*",
        "Cookie: session=abcd",
        "Cookie: session=ab",
        "X-Cookie: session=abc",
        "Cookie:",
    ],
)
def test_who_was_not_is_a_stranger(line: str):
    callers.note(callers.by_cookie("session", "abc"), "one")
    assert callers.whose(_head(line)) == callers.STRANGER


def test_a_body_says_nothing_of_the_head():
    callers.note(callers.by_cookie("session", "abc"), "one")
    body = b"\r\nCookie: session=abc\r\n"
    assert callers.whose(_head("Accept: */*") + body) == callers.STRANGER


def test_who_moves_is_of_the_other_organisation_at_the_next_request():
    callers.note(callers.by_cookie("session", "abc"), "one")
    callers.note(callers.by_cookie("session", "abc"), "other")
    assert callers.whose(_head("Cookie: session=abc")) == "other"


def test_what_is_known_has_an_end(known: dict[int, str], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(callers, "_MOST", 3)
    for number in range(10):
        callers.note(str(number).encode(), "one")
    assert len(known) <= 3
    assert callers.whose(_head("Authorization: 9")) == "one"
