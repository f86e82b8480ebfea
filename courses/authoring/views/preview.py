"""A draft on a phone, as a rep would see it, in either language. Nothing is tracked, nothing is stored."""

import uuid
from typing import Any
from urllib.parse import urlencode

from csp.decorators import csp_replace
from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from courses.authoring import previewing
from courses.authoring.doors import authors
from courses.authoring.previewing import Preview
from courses.authoring.queries import drafts
from courses.authoring.queries.drafts import Editing
from courses.quizzes.views import Question
from partners.requests import PersonRequest


def _editing(request: PersonRequest, module_id: uuid.UUID) -> Editing:
    found = drafts.editing(request.person, module_id)
    if found is None:
        raise Http404
    return found


def _language(request: PersonRequest) -> str:
    asked = request.GET.get("language", "")
    return asked if asked in dict(settings.LANGUAGES) else get_language() or "ja"


@never_cache
@csp_replace({"frame-src": ["'self'"]})
@require_safe
@authors
def preview(request: PersonRequest, module_id: uuid.UUID) -> HttpResponse:
    """Show the draft in a phone's frame, with the choice of the reader's language."""
    editing = _editing(request, module_id)
    language = _language(request)
    context = {
        "module": editing.module,
        "editing": editing,
        "asks": previewing.asks(editing),
        "language": language,
        "languages": settings.LANGUAGES,
    }
    return render(request, "authoring/preview.html", context)


@never_cache
@csp_replace({"frame-ancestors": ["'self'"]})
@xframe_options_sameorigin
@require_safe
@authors
def phone(request: PersonRequest, module_id: uuid.UUID) -> HttpResponse:
    """What is inside the phone's frame: the module, a question of its quiz, or what came out."""
    editing = _editing(request, module_id)
    language = _language(request)
    with translation.override(language):
        shown = previewing.preview(editing, request.person.pk, language)
        context = {
            "module": editing.module,
            "shown": shown,
            "language": language,
            "total": len(shown.questions),
        }
        step = request.GET.get("step", "")
        if step == "quiz" and shown.questions:
            return render(request, "authoring/phone_quiz.html", context | _quiz(request, shown))
        if step == "result" and shown.questions:
            return render(request, "authoring/phone_result.html", context | _result(request, shown))
        return render(request, "authoring/phone_module.html", context)


def _place(request: PersonRequest, total: int) -> int:
    """Return which question is asked for, from 1."""
    asked = request.GET.get("q", "")
    return min(max(int(asked), 1), total) if asked.isdecimal() and len(asked) < 4 else 1


def _quiz(request: PersonRequest, shown: Preview) -> dict[str, Any]:
    place = _place(request, len(shown.questions))
    item = previewing.asked(shown.questions[place - 1], place)
    chosen = set(request.GET.getlist(f"item-{item.key}"))
    question = Question(
        item=item,
        place=place,
        options=[(option, option.key in chosen) for option in item.options],
        current=True,
    )
    # What was chosen before travels in the address: it is kept nowhere else.
    given = [
        (name, value)
        for name, values in request.GET.lists()
        for value in values[:16]
        if name.startswith("item-") and name != f"item-{item.key}"
    ]
    return {
        "question": question,
        "segments": ["done"] * (place - 1) + [""] * (len(shown.questions) - place + 1),
        "given": given[:200],
        "back": urlencode([("step", "quiz"), ("q", place - 1), *given]) if place > 1 else "",
        "next_step": "result" if place == len(shown.questions) else "quiz",
        "next_q": place + 1,
    }


def _result(request: PersonRequest, shown: Preview) -> dict[str, Any]:
    items = [
        previewing.answered(item, place, request.GET.getlist(f"item-{item['key']}"))
        for place, item in enumerate(shown.questions, start=1)
    ]
    return {"items": items, "right": sum(item.correct for item in items)}
