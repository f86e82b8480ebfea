"""The phone's door for heartbeats."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core import jsonbody
from core.access import allow
from core.jsonbody import BadBodyError
from courses.progress import actions
from courses.progress.actions import Beat
from courses.progress.models import Heartbeat

MAX_BEATS = 500
MAX_MS = 24 * 60 * 60 * 1000


@allow("person")
@require_POST
def heartbeats(request: HttpRequest) -> HttpResponse:
    """Store heartbeats; the same ones again are accepted and count no second time."""
    try:
        jsonbody.meant_for(request, request.person.pk)  # type: ignore[attr-defined]
        body = jsonbody.read(request)
        beats = [
            _beat(raw, f"beats.{index}")
            for index, raw in enumerate(jsonbody.a_list(body, "beats", most=MAX_BEATS))
        ]
    except BadBodyError as error:
        return jsonbody.problem(request, error)
    actions.record_beats(person=request.person, beats=beats)  # type: ignore[attr-defined]
    return JsonResponse({"accepted": len(beats)})


def _beat(raw: Any, field: str) -> Beat:
    if not isinstance(raw, dict):
        raise BadBodyError("bad_beat", _("A heartbeat is an object."), field)
    kind = raw.get("kind")
    if kind not in Heartbeat.Kind.values:
        raise BadBodyError("bad_beat", _("This kind of heartbeat is not known."), f"{field}.kind")
    start, end = (
        jsonbody.an_integer(raw, name, most=MAX_MS) if raw.get(name) is not None else None
        for name in ("from_ms", "to_ms")
    )
    if (start is None) != (end is None) or (start is not None and end is not None and end < start):
        raise BadBodyError("bad_beat", _("A stretch of video ends after it begins."), field)
    return Beat(
        module_id=jsonbody.the_uuid(raw, "module"),
        session=jsonbody.the_uuid(raw, "session"),
        seq=jsonbody.an_integer(raw, "seq", most=2**31 - 1),
        kind=kind,
        seconds=jsonbody.an_integer(raw, "seconds", most=3600),
        from_ms=start,
        to_ms=end,
        at=jsonbody.a_time(raw, "at"),
        video=jsonbody.a_uuid(raw, "video"),
    )
