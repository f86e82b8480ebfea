"""Addresses that need no values: worked out once, not a dozen times a page."""

import functools

from django.conf import settings
from django.urls import get_script_prefix, get_urlconf, reverse


def address(name: str) -> str:
    """Return the address of a view without arguments. Raises NoReverseMatch."""
    return _known(name, get_urlconf() or settings.ROOT_URLCONF, get_script_prefix())


@functools.lru_cache(maxsize=1000)
def _known(name: str, urlconf: str, _prefix: str) -> str:
    return reverse(name, urlconf)
