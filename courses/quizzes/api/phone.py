"""The phone's door for attempts: one address that takes answers, starts, and hands in."""

import functools
import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core import jsonbody
from core.access import allow
from core.jsonbody import BadBodyError
from courses.quizzes import actions
from courses.quizzes.actions import Delivered, GivenAnswer

MAX_ANSWERS = 60
MAX_OPTIONS = 16
_SOME = str(uuid.UUID(int=0))


@allow("person")
@require_POST
def attempt(request: HttpRequest, attempt_id: uuid.UUID) -> HttpResponse:
    """Take what a phone delivers about an attempt. The same delivery again gives the same answer."""
    try:
        jsonbody.meant_for(request, request.person.pk)  # type: ignore[attr-defined]
        delivered = _delivered(attempt_id, jsonbody.read(request))
        receipt = actions.take_answers(person=request.person, delivered=delivered)  # type: ignore[attr-defined]
    except BadBodyError as error:
        return jsonbody.problem(request, error)
    except actions.MisfitError as error:
        message = _("This answer does not belong to the question.")
        return jsonbody.problem(request, BadBodyError("misfit", message, error.field))
    except actions.UnknownAttemptError:
        message = _("This quiz was not found.")
        return jsonbody.problem(request, BadBodyError("not_found", message, status=404))
    return JsonResponse(
        {
            "attempt": str(receipt.attempt_id),
            "state": receipt.state,
            "saved": receipt.saved,
            "late": receipt.late,
            "result_url": _result_url().replace(_SOME, str(receipt.attempt_id)),
            "received_at": timezone.now().isoformat(),
        }
    )


@functools.cache
def _result_url() -> str:
    """Return the address of an attempt's result; looking it up for each answer takes as long as reading the answer."""
    return reverse("quizzes:result", args=[_SOME])


def _delivered(attempt_id: uuid.UUID, body: dict[str, Any]) -> Delivered:
    return Delivered(
        attempt_id=attempt_id,
        answers=[
            _answer(raw, f"answers.{index}")
            for index, raw in enumerate(jsonbody.a_list(body, "answers", most=MAX_ANSWERS))
        ],
        submit=jsonbody.a_flag(body, "submit"),
        module_id=jsonbody.a_uuid(body, "module"),
        quiz_version_id=jsonbody.a_uuid(body, "quiz_version"),
        retry=jsonbody.a_flag(body, "retry"),
    )


def _answer(raw: Any, field: str) -> GivenAnswer:
    if not isinstance(raw, dict):
        raise BadBodyError("bad_answer", _("An answer is an object."), field)
    item, options = raw.get("item"), jsonbody.a_list(raw, "options", most=MAX_OPTIONS)
    if not isinstance(item, str) or not all(isinstance(option, str) for option in options):
        raise BadBodyError("bad_answer", _("An answer names its question and options."), field)
    return GivenAnswer(
        item=item,
        options=tuple(dict.fromkeys(options)),
        seq=jsonbody.an_integer(raw, "seq"),
        at=jsonbody.a_time(raw, "at"),
    )
