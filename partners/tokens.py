"""Secrets that stand in a link: made once, handed out once, kept only as a hash."""

import hashlib
import re
import secrets
from collections.abc import MutableMapping
from typing import Any

_IN_ADDRESS = re.compile(r"(/i/|/ace/|/accounts/link/|/password/reset/key/)[^/\s?\"']+")
_SHAPE = re.compile(r"[A-Za-z0-9_-]{43}")


def make() -> str:
    """Return a new secret of 256 random bits that may stand in a URL."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """Return what is stored of a secret."""
    return hashlib.sha256(token.encode()).hexdigest()


def looks_like_one(token: str) -> bool:
    """Say whether it has a secret's shape: what has not, needs no look-up."""
    return _SHAPE.fullmatch(token) is not None


def mask(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Take secrets out of the addresses in a log line: whoever reads logs must not get in by them."""
    for name, value in event.items():
        if isinstance(value, str) and "/" in value:
            event[name] = _IN_ADDRESS.sub(r"\1…", value)
    return event
