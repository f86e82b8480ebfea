"""Ids that may stand in a URL: random, and in the order of time so that indexes stay dense."""

import os
import re
import time
import uuid

WRITTEN = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
"""An id as we write it; Python would also take full-width digits, braces and `urn:`."""


def uuid7() -> uuid.UUID:
    """Return a UUID of version 7 (RFC 9562 section 5.7): 48 bits of milliseconds, 74 random bits."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds << 80) | int.from_bytes(os.urandom(10))
    value = (value & ~(0xF << 76)) | (0x7 << 76)
    value = (value & ~(0x3 << 62)) | (0x2 << 62)
    return uuid.UUID(int=value)


def parse(text: object) -> uuid.UUID:
    """Return the id that stands there, written as we write it. Raises ValueError for anything else."""
    if not isinstance(text, str) or not WRITTEN.fullmatch(text):
        raise ValueError("not an id")
    return uuid.UUID(text)
