"""JSON bodies from phones: read strictly, refused with a message, never stored by accident."""

import datetime as dt
import json
import math
import re
import uuid
from collections import Counter
from typing import Any

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _

from core import ids, problems

MAX_DEPTH = 32
MAX_KEYS = 200
MAX_INTEGER = 2**53
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class BadBodyError(ValueError):
    """A body that is not what it should be. `field` says where, `code` what."""

    def __init__(self, code: str, message: str, field: str = "", status: int = 400) -> None:
        super().__init__(message)
        self.code, self.message, self.field, self.status = code, message, field, status


def problem(request: HttpRequest, error: BadBodyError) -> JsonResponse:
    """Return the answer for a refused body, in the reader's language."""
    return problems.answer(request, error.status, error.code, error.message, field=error.field)


def read(
    request: HttpRequest, limit: int = 128 * 1024, *, depth: int = MAX_DEPTH
) -> dict[str, Any]:
    """Return the body's JSON object. Raises BadBodyError for anything else, also too deep or too large.

    An object that names a field twice is refused too: JSON would keep the last, silently.
    """
    if not is_json(request) and (request.content_type or announced(request)):
        raise BadBodyError("bad_type", _("Please send JSON in UTF-8."), status=415)
    if (announced(request) or 0) > limit:
        raise BadBodyError("too_large", _("That is more than can be sent at once."), status=413)
    # Django's own limit is for forms; a body that may be larger is read here, up to ours.
    small = limit <= settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    raw = request.body if small else request.read(limit + 1)
    if len(raw) > limit:
        raise BadBodyError("too_large", _("That is more than can be sent at once."), status=413)
    value = _parsed(raw)
    if not isinstance(value, dict):
        raise BadBodyError("bad_json", _("A JSON object is expected."))
    _check(value, 1, depth)
    return value


def announced(request: HttpRequest) -> int | None:
    """Return how many bytes a request says that it has; None where it says nothing that is a number."""
    said = request.headers.get("Content-Length", "0")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 16 else None


def is_json(request: HttpRequest) -> bool:
    """Say whether a request says of its body that it is JSON in UTF-8."""
    charset = (request.content_params or {}).get("charset", "utf-8")
    return request.content_type == "application/json" and charset.lower() in {"utf-8", "utf8"}


def _parsed(raw: bytes) -> Any:
    try:
        return json.loads(
            raw.decode("utf-8"),
            parse_constant=_refuse_constant,
            parse_int=_integer,
            object_pairs_hook=_once,
        )
    except RecursionError:
        raise BadBodyError("json_too_deep", _("This JSON is nested too deeply.")) from None
    except BadBodyError:
        raise
    except (ValueError, UnicodeDecodeError):
        raise BadBodyError("bad_json", _("This is not readable JSON.")) from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        [(twice, _times)] = Counter(name for name, _value in pairs).most_common(1)
        raise BadBodyError("named_twice", _("A field is named twice."), _shown(twice))
    return found


def _shown(name: str) -> str:
    """Return a foreign name as it may stand in an answer."""
    return name[:80].encode("utf-8", "replace").decode("utf-8").replace("\x00", "")


def meant_for(request: HttpRequest, person_id: uuid.UUID) -> None:
    """Raise BadBodyError (401) if the phone sends somebody else's work: another person signed in meanwhile.

    A phone says by `X-Person` whose it is; without the header it is whoever is signed in.
    """
    named = request.headers.get("X-Person", "")
    if named and named != str(person_id):
        raise BadBodyError("signed_out", _("Please sign in again."), status=401)


def _refuse_constant(name: str) -> Any:
    raise ValueError(name)


def _integer(text: str) -> int:
    if len(text) > 17 or abs(int(text)) > MAX_INTEGER:
        raise ValueError("integer out of range")
    return int(text)


def _check(value: Any, depth: int, most: int) -> None:
    if depth > most:
        raise BadBodyError("json_too_deep", _("This JSON is nested too deeply."))
    if isinstance(value, dict):
        if len(value) > MAX_KEYS:
            raise BadBodyError("too_many_keys", _("This JSON has too many fields."))
        for key, child in value.items():
            check_text(key)
            _check_at(key, child, depth + 1, most)
    elif isinstance(value, list):
        for place, child in enumerate(value):
            _check_at(place, child, depth + 1, most)
    elif isinstance(value, str):
        check_text(value)
    elif isinstance(value, float) and not math.isfinite(value):
        raise BadBodyError("bad_json", _("This is not readable JSON."))


def _check_at(place: str | int, value: Any, depth: int, most: int) -> None:
    """Check what stands there; a refusal names the way to it, as far as it fits into an answer."""
    try:
        _check(value, depth, most)
    except BadBodyError as error:
        way = f"{place}.{error.field}" if error.field else str(place)
        error.field = _shown(way)
        raise


def check_text(value: str) -> None:
    """Raise BadBodyError for a text that the database can't store: with NUL, or half of a pair."""
    if _UNSTORABLE.search(value):
        raise BadBodyError("bad_text", _("The text has characters that can't be stored."))


def the_uuid(body: dict[str, Any], field: str) -> uuid.UUID:
    """Return a field's UUID, which must be there. Raises BadBodyError."""
    try:
        return ids.parse(body.get(field))
    except ValueError:
        raise BadBodyError("bad_id", _("This is not an id."), field) from None


def a_uuid(body: dict[str, Any], field: str) -> uuid.UUID | None:
    """Return a field's UUID, or None where it is absent. Raises BadBodyError."""
    return None if body.get(field) is None else the_uuid(body, field)


def an_integer(
    body: dict[str, Any], field: str, *, most: int = MAX_INTEGER, default: int | None = None
) -> int:
    """Return a field's whole number from 0 to `most`. Raises BadBodyError."""
    value = body.get(field, default)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
        raise BadBodyError(
            "bad_number",
            _("A whole number from 0 to %(most)d is expected.") % {"most": most},
            field,
        )
    return value


def a_flag(body: dict[str, Any], field: str) -> bool:
    """Return a field's true or false; absent is false. Raises BadBodyError."""
    value = body.get(field, False)
    if not isinstance(value, bool):
        raise BadBodyError("bad_flag", _("True or false is expected."), field)
    return value


def a_time(body: dict[str, Any], field: str) -> dt.datetime | None:
    """Return a field's moment with its time zone, or None where it is absent or unreadable.

    A phone's clock is data, not truth: a strange one must never cost an answer.
    """
    value = body.get(field)
    if not isinstance(value, str) or len(value) > 40:
        return None
    try:
        moment = dt.datetime.fromisoformat(value)
    except ValueError:
        return None
    if moment.tzinfo is None or not 2000 <= moment.year <= 2200:
        return None
    return moment.astimezone(dt.UTC)


def a_list(body: dict[str, Any], field: str, *, most: int) -> list[Any]:
    """Return a field's list of at most `most` entries; absent is empty. Raises BadBodyError."""
    value = body.get(field, [])
    if not isinstance(value, list) or len(value) > most:
        raise BadBodyError(
            "bad_list", _("A list of at most %(most)d entries is expected.") % {"most": most}, field
        )
    return value
