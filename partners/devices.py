"""Devices on which somebody signed in before: their guesses are counted apart from a stranger's.

Ten wrong passwords from anywhere pause an account for everybody who comes from an unknown device, so
that many addresses give no more guesses than one. Its owner, on a device that signed in before, isn't
held up by what strangers do.
"""

import uuid

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase

from partners.models import Account

COOKIE = "__Host-device" if settings.SESSION_COOKIE_SECURE else "device"
_SALT = "partners.devices"
_AGE = 60 * 60 * 24 * 365
_MOST = 5


def known(request: HttpRequest, account: Account | None) -> str:
    """Return this device's id if the account signed in on it before, else an empty text."""
    device, accounts = _read(request)
    return device if account is not None and str(account.pk) in accounts else ""


def remember(request: HttpRequest, response: HttpResponseBase, account: Account) -> None:
    """Note in a signed cookie that this account signed in here; the last few accounts are kept."""
    device, accounts = _read(request)
    mine = str(account.pk)
    kept = [mine, *(each for each in accounts if each != mine)][:_MOST]
    response.set_cookie(
        COOKIE,
        signing.dumps([device or uuid.uuid4().hex, *kept], salt=_SALT),
        max_age=_AGE,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def _read(request: HttpRequest) -> tuple[str, list[str]]:
    try:
        found = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=_AGE)
    except signing.BadSignature:
        return "", []
    return str(found[0]), [str(each) for each in found[1:]]
