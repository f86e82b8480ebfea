"""Links to media: each carries a token that is good for one person, one file and at most 12 hours.

The token says that a page which the person may see has shown them the file. The serving view also
asks who is signed in, whether they are still active, and whether their organisation may see it.
"""

import time
import uuid

from django.core.signing import Signer
from django.urls import reverse
from django.utils.crypto import constant_time_compare

LIFE = 12 * 3600
_STEP = 3600
"""Links change once an hour only, so that a browser's cache finds a file again."""

_SKEW = 5 * 60
"""So far may the clock of the server that made a link be ahead of ours."""

_signer = Signer(salt="core.media")


def url(person_id: uuid.UUID, rendition_id: "uuid.UUID | str", name: str) -> str:
    """Return the address of a rendition for this person. `name` is only what a download is called."""
    address = reverse("core:media", args=[rendition_id, name])
    return f"{address}?t={token(person_id, str(rendition_id))}"


def picture_url(person_id: uuid.UUID, asset_id: "uuid.UUID | str", size: str) -> str:
    """Return the address of a picture in one size (`large`, `medium`, `small`) for this person."""
    address = reverse("core:picture", args=[asset_id, size])
    return f"{address}?t={token(person_id, f'{asset_id}/{size}')}"


def caption_url(person_id: uuid.UUID, caption_id: "uuid.UUID | str", language: str) -> str:
    """Return the address of a video's captions for this person."""
    address = reverse("core:captions", args=[caption_id, language])
    return f"{address}?t={token(person_id, str(caption_id))}"


def token(person_id: uuid.UUID, what: str) -> str:
    """Return a token for this person and this file, good for 11 to 12 hours."""
    expires = int(time.time()) // _STEP * _STEP + LIFE
    return f"{expires:x}.{_signature(person_id, what, expires)}"


def is_good(given: str, person_id: uuid.UUID, what: str) -> bool:
    """Say whether this token was made for this person and this file, and is still good."""
    stamp, _, signature = given.partition(".")
    if len(given) > 100 or not given.isascii():
        return False
    try:
        expires = int(stamp, 16)
    except ValueError:
        return False
    if not time.time() < expires <= time.time() + LIFE + _SKEW:
        return False
    return constant_time_compare(signature, _signature(person_id, what, expires))


def _signature(person_id: uuid.UUID, what: str, expires: int) -> str:
    return _signer.signature(f"{person_id}:{what}:{expires}")
