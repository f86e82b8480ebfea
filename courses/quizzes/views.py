"""Pages of a quiz: its questions, and what came out."""

import dataclasses
import functools
import time
import uuid
from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_http_methods

from core import ids, slots
from core.access import allow
from core.fragments import Fragments
from courses.catalog.keeping import keep, keepable
from courses.quizzes import actions, queries
from courses.quizzes.actions import Delivered, GivenAnswer, Receipt
from courses.quizzes.queries import AttemptResult, Item, Option, QuizPage
from partners.models import Person
from partners.requests import PersonRequest

POLLS = (300, 600, 1200, 2400)
"""How many milliseconds a page waits before it asks for the result: four times, then it stops asking."""

_untouched = Fragments(200)
_answered = Fragments(4000)


@dataclasses.dataclass(frozen=True)
class Question:
    """A question with what was chosen so far. `place` counts from 1 within this attempt."""

    item: Item
    place: int
    options: Sequence[tuple[Option, bool]]
    current: bool

    @property
    def answered(self) -> bool:
        """Whether anything is chosen."""
        return any(chosen for _option, chosen in self.options)

    @property
    def can_be_emptied(self) -> bool:
        """Whether all that is chosen can be taken back: of marks, unlike of one of several, nothing may be left."""
        return self.item.several and self.answered


@allow("person")
@require_http_methods(["GET", "HEAD", "POST"])
@keepable
def quiz(request: PersonRequest, module_id: uuid.UUID) -> HttpResponse:
    """The questions of a module. Its script saves each answer; without script the whole form is sent."""
    person = request.person
    page = queries.quiz_page(person, module_id, retry="retry" in request.GET)
    if page is None:
        raise Http404
    if request.method != "POST":
        return _render_quiz(request, page)
    try:
        receipt, missing = _take_form(request, person, page)
    except (actions.MisfitError, actions.UnknownAttemptError, ValueError):
        # The form is from another time: show the quiz as it is now, with what is stored.
        return _render_quiz(request, page, outdated=True)
    if not missing:
        return redirect("quizzes:result", attempt_id=receipt.attempt_id)
    again = queries.quiz_page(person, module_id, retry=page.is_retry)
    if again is None:
        raise Http404
    return _render_quiz(request, again, missing=missing)


def _render_quiz(
    request: PersonRequest, page: QuizPage, *, missing: int = 0, outdated: bool = False
) -> HttpResponse:
    questions = _questions(page)
    context = {
        "page": page,
        "questions": questions,
        "asked": _asked(page, questions),
        "attempt_id": page.attempt.pk if page.attempt else "",
        "form_id": page.attempt.pk if page.attempt else uuid.uuid4(),
        "rendered_at": timezone.now().isoformat(),
        "missing": missing,
        "outdated": outdated,
    }
    return render(request, "quizzes/quiz.html", context)


def _asked(page: QuizPage, questions: Sequence[Question]) -> str:
    """Draw the questions. Where nothing is answered yet they are the same for everybody."""
    draw = functools.partial(
        render_to_string,
        "quizzes/_questions.html",
        {"questions": questions, "language": page.language},
    )
    if page.answers:
        return draw()
    keys = tuple(item.key for item in page.items)
    return _untouched.get((page.version_id, keys, page.language), draw)


def _explained(result: AttemptResult) -> str:
    """Draw the questions of a result. Few people's answers to one question differ, so each is drawn once."""
    return "".join(
        _answered.get(
            (result.attempt.quiz_version_id, item, result.language),
            functools.partial(
                render_to_string,
                "quizzes/_item.html",
                {"item": item, "module_language": result.language},
            ),
        )
        for item in result.items
    )


def _questions(page: QuizPage) -> list[Question]:
    """Return the questions in order; the first one without an answer is the current one."""
    first = next((item.key for item in page.items if not page.answers.get(item.key)), None)
    current = first or page.items[0].key
    return [
        Question(
            item=item,
            place=place,
            options=[(o, o.key in page.answers.get(item.key, ())) for o in item.options],
            current=item.key == current,
        )
        for place, item in enumerate(page.items, start=1)
    ]


def _take_form(request: HttpRequest, person: Person, page: QuizPage) -> tuple[Receipt, int]:
    """Store a form's answers; hand them in if none is missing, or if that is wanted all the same.

    Returns the receipt and how many answers are missing (0 once it was handed in). Raises ValueError,
    MisfitError or UnknownAttemptError for a form that does not belong to this quiz.
    """
    now = time.time_ns() // 1_000_000
    given = [
        GivenAnswer(item.key, tuple(dict.fromkeys(chosen)), now + item.number, timezone.now())
        for item in page.items
        if (chosen := request.POST.getlist(f"item-{item.key}")) or f"had-{item.key}" in request.POST
    ]
    missing = len(page.items) - sum(bool(each.options) for each in given)
    submit = not missing or "anyway" in request.POST
    receipt = actions.take_answers(
        person=person,
        delivered=Delivered(
            attempt_id=ids.parse(request.POST.get("attempt", "")),
            answers=given,
            submit=submit,
            module_id=page.module_id,
            quiz_version_id=page.version_id,
            retry=page.is_retry,
        ),
    )
    return receipt, 0 if submit else missing


@allow("person", shared=("place",))
def result(request: PersonRequest, attempt_id: uuid.UUID) -> HttpResponse:
    """What came out of an attempt, or that it is being scored; the page asks again by itself.

    For an attempt that was not handed in (or is not known) the page looks on the phone: it may wait there.
    """
    found = queries.attempt_result(request.person, attempt_id)
    if found is None:
        return render(request, "quizzes/waiting.html", status=404)
    poll = _poll(request)
    earned = slots.render("attempt.earned", request, attempt=found.attempt) if found.scored else ""
    # Points follow the score within the blink of an eye: they are worth one more look.
    ready = found.scored and bool(earned or not found.attempt.is_first or poll >= len(POLLS))
    context = {
        "result": found,
        "explained": mark_safe(_explained(found)) if ready else "",
        "earned": earned,
        "ready": ready,
        "poll": poll + 1 if poll < len(POLLS) else 0,
        "delay": POLLS[poll] if poll < len(POLLS) else 0,
        "swapped": _is_swap(request),
    }
    template = "quizzes/_result.html" if _is_swap(request) else "quizzes/result.html"
    response = render(request, template, context)
    return keep(request, response) if ready else response


@allow("person")
def last(request: PersonRequest, module_id: uuid.UUID) -> HttpResponse:
    """Lead to the answers and reasons of what one handed in last in a module."""
    found = queries.last_handed_in(request.person, module_id)
    if found is None:
        raise Http404
    return redirect("quizzes:result", found)


def _is_swap(request: HttpRequest) -> bool:
    return bool(request.htmx)  # type: ignore[attr-defined]


def _poll(request: HttpRequest) -> int:
    """Return how many times this page has asked already."""
    asked = request.GET.get("poll", "")
    return min(int(asked), len(POLLS)) if asked.isdecimal() and len(asked) < 3 else 0


@allow("anyone")
def waiting(request: HttpRequest) -> HttpResponse:
    """What the service worker shows for an attempt without network; it is the same for everybody."""
    return render(request, "quizzes/waiting.html", {"person": None})
