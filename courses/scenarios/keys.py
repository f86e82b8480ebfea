"""Keys of scenes, choices and variables: short, random, made once, never a position and never used again."""

import re
import secrets
from collections.abc import Container

KEY = re.compile(r"[a-z0-9]{4,12}")
_SIGNS = (
    "abcdefghjkmnpqrstuvwxyz23456789"  # without 0, 1, i, l and o: people read keys to each other
)
_LENGTH = 8


def new_key(taken: Container[str] = ()) -> str:
    """Return a key that is not among those that were ever taken."""
    while True:
        key = "".join(secrets.choice(_SIGNS) for _ in range(_LENGTH))
        if key not in taken:
            return key
