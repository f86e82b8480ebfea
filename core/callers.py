"""Whose request it is, told by its head alone: what this process has seen before, and no query.

A web process must know whose turn it is before it spends a thread on a request. The first request of a session or token
is nobody's; once its person is known, their organisation is noted here, and found for the next one. It decides about
turns and about nothing else: rights are looked up anew for each request.
"""

import re

STRANGER = ""
"""The organisation of whoever isn't known yet or has not signed in."""

_MOST = 20_000
_LINE = re.compile(rb"\r\n(cookie|authorization):[ \t]*([^\r\n]*)", re.IGNORECASE)
_organisations: dict[int, str] = {}
"""By a hash of what they show: the secrets themselves are not kept."""


def by_cookie(name: str, value: str) -> bytes:
    """Return what a browser shows."""
    return f"{name}={value}".encode(errors="replace")


def note(shown: bytes, organisation: str) -> None:
    """Remember whose people show this."""
    if len(_organisations) >= _MOST:
        _organisations.clear()  # learnt anew within a request each
    _organisations[hash(shown)] = organisation


def whose(request: bytes | bytearray) -> str:
    """Return the organisation of a request by its head."""
    for line in _LINE.finditer(request, 0, max(request.find(b"\r\n\r\n"), 0)):
        kind, value = bytes(line[1]), bytes(line[2])
        for each in [value] if kind[0] in b"Aa" else value.split(b";"):
            found = _organisations.get(hash(each.strip()))
            if found is not None:
                return found
    return STRANGER
